using System.Globalization;
using Dapper;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Server.Accounts;
using Voucher.Server.Settling.Claims;
using Voucher.Server.Invariants;
using Voucher.Server.Register.Importing;
using Voucher.Server.Settling.Payments;
using Voucher.Server.Settling.Reviewing;

namespace Voucher.Server.Tests.Settling;

/// <summary>The use cases of settlement as the tests say them.</summary>
public sealed class Desk(ServerUnderTest server)
{
    public async Task<Actor> WhoAsync(string login) => await SettledScene.ActorAsync(server, login);

    /// <param name="vouchers">Chosen; <c>null</c> claims all, which in the tests is one claim.</param>
    public async Task<Outcome<ClaimId>> ClaimAsync(IEnumerable<VoucherId>? vouchers, string manager = "manager", string? note = null)
    {
        var submit = server.Get<SubmitClaim>();
        if (vouchers is not null) return await submit.RunAsync(await WhoAsync(manager), [.. vouchers.Select(voucher => voucher.ToString())], note);
        return await submit.AllAsync(await WhoAsync(manager)) switch
        {
            Outcome<IReadOnlyList<ClaimId>>.Done(var claims) => Assert.Single(claims),
            Outcome<IReadOnlyList<ClaimId>>.Refused(var refusal) => refusal,
            _ => throw new InvalidOperationException(),
        };
    }

    public async Task<Outcome<int>> ReviewAllAsync(ClaimId claim, string reviewer = "reviewer") =>
        await server.Get<ReviewClaim>().AllUndecidedAsync(await WhoAsync(reviewer), claim, LineVerdict.Pass, null);

    public async Task<Outcome<int>> ReviewAsync(ClaimId claim, long line, LineVerdict verdict, string? reason = null, string reviewer = "reviewer") =>
        await server.Get<ReviewClaim>().OneAsync(await WhoAsync(reviewer), claim, new ClaimLineId(line), verdict, reason);

    public async Task<Outcome<int>> StepAsync(ClaimId claim, long line, LineStepKind kind, string? reason = null, string? missing = null, string reviewer = "reviewer") =>
        await server.Get<ReviewClaim>().StepAsync(await WhoAsync(reviewer), claim, new ClaimLineId(line), kind, reason, missing);

    public async Task<Outcome<Nothing>> HandInAsync(ClaimId claim, long line, string manager = "manager") =>
        await server.Get<HandInAgain>().RunAsync(await WhoAsync(manager), claim, new ClaimLineId(line));

    public async Task<Outcome<Nothing>> CallAsync(ClaimId claim, ClaimLineId line, PhoneResult result, string? note = null, string caller = "clerk") =>
        await server.Get<RecordCall>().RunAsync(await WhoAsync(caller), claim, line, result, note);

    public async Task<IReadOnlyList<SampledPerson>> SampleAsync(ClaimId claim)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await PhoneStore.ListAsync(connection, null, claim);
    }

    /// <summary>Everybody of the telephone sample confirms.</summary>
    public async Task CallAllAsync(ClaimId claim)
    {
        foreach (var person in (await SampleAsync(claim)).Where(person => person.IsOpen)) await CallAsync(claim, person.Line, PhoneResult.Confirms);
    }

    /// <summary>The telephone sample is called before, unless the test says otherwise.</summary>
    public async Task<Outcome<ClaimStatus>> ApproveAsync(ClaimId claim, string approver = "approver", bool isCalled = true)
    {
        if (isCalled) await CallAllAsync(claim);
        return await server.Get<ApproveClaim>().RunAsync(await WhoAsync(approver), claim);
    }

    public async Task<Outcome<PaymentId>> PayAsync(IEnumerable<ClaimId> claims, string finance = "finance") =>
        await server.Get<MakePayment>().RunAsync(await WhoAsync(finance), [.. claims.Select(claim => claim.Value)]);

    /// <summary>Another finance person than the maker hands it to the bank, which makes the bank's file.</summary>
    public async Task<Outcome<Nothing>> ReleaseAsync(PaymentId payment, string finance = "finance2") =>
        await server.Get<ReleasePayment>().RunAsync(await WhoAsync(finance), payment);

    public async Task<BankFile> FileAsync(PaymentId payment, string finance = "finance") =>
        (await server.Get<MakeFile>().FetchAsync(await WhoAsync(finance), payment)).OrThrow();

    /// <summary>Asked by one finance person, done by another.</summary>
    public async Task<Outcome<Nothing>> CancelAsync(PaymentId payment)
    {
        (await server.Get<CorrectRows>().CancelAsync(await WhoAsync("finance"), payment, "来源选错")).OrThrow();
        return await server.Get<CorrectRows>().CancelAsync(await WhoAsync("finance2"), payment, null);
    }

    /// <param name="lines">Of the usual format: reference, attempt, account, yuan, status, reason, serial.</param>
    public async Task<Outcome<BookedReturn>> BookReturnAsync(string lines, bool keepDifferences)
    {
        var file = new UploadedFile("回盘.csv", System.Text.Encoding.UTF8.GetBytes("流水号,次数,账号,金额,状态,原因,银行流水\r\n" + lines));
        var upload = (await server.Get<ImportReturn>().UploadAsync(await WhoAsync("finance"), file, BankFormats.Usual)).OrThrow();
        return await server.Get<ImportReturn>().BookAsync(await WhoAsync("finance"), upload, keepDifferences);
    }

    /// <summary>Handed to the bank, where it was not yet, and paid as a receipt says.</summary>
    public async Task<Outcome<Nothing>> PaidAsync(PaymentId payment, string finance = "finance", string? reference = "回单0001", DateOnly? on = null)
    {
        _ = await ReleaseAsync(payment);
        return await server.Get<MarkPaid>().RunAsync(await WhoAsync(finance), payment, reference, on);
    }

    /// <summary>A claim that is approved in full.</summary>
    public async Task<ClaimId> ApprovedClaimAsync(IEnumerable<VoucherId> vouchers)
    {
        var claim = (await ClaimAsync(vouchers)).OrThrow();
        (await ReviewAllAsync(claim)).OrThrow();
        (await ApproveAsync(claim)).OrThrow();
        return claim;
    }

    public async Task<ClaimDetail> ReadAsync(ClaimId claim) =>
        (await server.Get<ClaimReading>().FindAsync(await WhoAsync("auditor"), claim))!;

    /// <summary>A person of the county with one log-in of these roles; or a further log-in of somebody who is known.</summary>
    public async Task HireAsync(string login, Role role, string? sameAs = null)
    {
        var account = await server.Get<AccountStore>().SaveAsync(login, login, "x", [role], null, server.Clock.GetUtcNow());
        if (sameAs is null) return;
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "update account set staff_id = (select staff_id from account where login = @sameAs) where id = @account", new { sameAs, account });
    }

    /// <summary>All invariants hold, or the test fails naming what does not.</summary>
    public async Task ExpectInvariantsAsync()
    {
        var report = await server.Get<InvariantChecks>().RunAsync();
        Assert.True(report.Violations.Count == 0, string.Join('\n', report.Violations.Select(v => $"{v.Number} {v.Subject}: {v.Finding}")));
    }

    public static Refusal Refused<T>(Outcome<T> outcome) => Assert.IsType<Outcome<T>.Refused>(outcome).Refusal;

    public static void ExpectRefusal<T>(RefusalCode code, Outcome<T> outcome) => Assert.Equal(code, Refused(outcome).Code);

    public static void ExpectBadField<T>(string field, Outcome<T> outcome) =>
        Assert.Contains(Assert.IsType<Outcome<T>.BadInput>(outcome).Errors, error => error.Field == field);

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
