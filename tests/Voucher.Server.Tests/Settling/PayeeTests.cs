using Dapper;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Server.Accounts;
using Voucher.Server.Settling.Payees;

namespace Voucher.Server.Tests.Settling;

/// <summary>Where money goes is proposed by one, verified by another, and used after the waiting time.</summary>
public sealed class PayeeTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly Desk _desk = new(server);

    [Fact]
    public async Task A_new_account_is_used_after_two_persons_and_the_waiting_time_and_the_old_one_until_then()
    {
        var scene = await SettledScene.BuildAsync(server);
        var owner = PayeeOwner.Of(scene.Institution);
        var today = CountyTime.DayOf(server.Clock.GetUtcNow());
        var proposed = (await ProposeAsync(owner, "6228480000000000019")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.PayeeProposalOpen, await ProposeAsync(owner, "6228480000000000027"));
        await _desk.HireAsync("clerk-verifies", Role.Reviewer, sameAs: "clerk");
        Desk.ExpectRefusal(RefusalCode.SamePerson, await VerifyAsync(proposed.Id, "clerk-verifies"));
        var from = (await VerifyAsync(proposed.Id)).OrThrow();
        Assert.Equal(today.AddDays(3), from);
        Assert.Equal("6228****8888", (await UsableAsync(owner, from.AddDays(-1)))!.AccountMasked);
        Assert.Equal("****0019", (await UsableAsync(owner, from))!.AccountMasked);
        Desk.ExpectRefusal(RefusalCode.PayeeWrongStep, await VerifyAsync(proposed.Id));
        (await server.Get<DecidePayee>().EndAsync(await _desk.WhoAsync("approver"), proposed.Id, "银行退回")).OrThrow();
        Assert.Equal("6228****8888", (await UsableAsync(owner, from))!.AccountMasked);
        var history = await server.Get<PayeeReading>().OfAsync(owner);
        Assert.Equal(PayeeState.Ended, history.Single(one => one.Id == proposed.Id).StateOn(from));
    }

    [Fact]
    public async Task An_account_that_was_replaced_does_not_come_back_when_the_one_after_it_is_ended()
    {
        var scene = await SettledScene.BuildAsync(server);
        var owner = PayeeOwner.Of(scene.Institution);
        var claim = await _desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1));
        var next = (await ProposeAsync(owner, "6228480000000000043")).OrThrow();
        (await VerifyAsync(next.Id)).OrThrow();
        server.Clock.Advance(TimeSpan.FromDays(4));
        var today = CountyTime.DayOf(server.Clock.GetUtcNow());
        var payment = (await _desk.PayAsync([claim])).OrThrow();
        Assert.Equal(1, (await server.Get<DecidePayee>().EndAsync(await _desk.WhoAsync("reviewer"), next.Id, "账户被冻结")).OrThrow());
        Assert.Null(await UsableAsync(owner, today));
        Assert.Null(await UsableAsync(owner, today.AddDays(30)));
        Assert.DoesNotContain(await server.Get<PayeeReading>().OfAsync(owner), account => account.StateOn(today) == PayeeState.InUse);
        Assert.Equal(0L, await OnPageAsync(scene));
        Desk.ExpectRefusal(RefusalCode.PaymentAccountNotInUse, await _desk.ReleaseAsync(payment));
        (await _desk.CancelAsync(payment)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.PayeeMissing, await _desk.PayAsync([claim]));
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_payment_to_an_account_that_was_replaced_meanwhile_does_not_go_out()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = await _desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1));
        var payment = (await _desk.PayAsync([claim])).OrThrow();
        (await VerifyAsync((await ProposeAsync(PayeeOwner.Of(scene.Institution), "6228480000000000050")).OrThrow().Id)).OrThrow();
        server.Clock.Advance(TimeSpan.FromDays(4));
        Desk.ExpectRefusal(RefusalCode.PaymentAccountNotInUse, await _desk.ReleaseAsync(payment));
        (await _desk.CancelAsync(payment)).OrThrow();
        (await _desk.PaidAsync((await _desk.PayAsync([claim])).OrThrow())).OrThrow();
        await _desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_waiting_time_that_was_shortened_puts_no_older_account_over_a_newer()
    {
        // An institution of its own: what waits here comes into use in the days of other tests.
        var owner = PayeeOwner.Of((await SettledScene.BuildAsync(server, manager: "manager2")).Institution);
        await Packs.SetAsync(server, Packs.Usual with { AccountWaitDays = 10 });
        var older = (await VerifyAsync((await ProposeAsync(owner, "6228480000000000068")).OrThrow().Id)).OrThrow();
        await Packs.SetAsync(server, Packs.Usual with { AccountWaitDays = 0 });
        var newest = (await ProposeAsync(owner, "6228480000000000076")).OrThrow().Id;
        Assert.Equal(older, (await VerifyAsync(newest)).OrThrow());
        Assert.Equal(newest, (await UsableAsync(owner, older))!.Id);
        await Packs.SetAsync(server, Packs.Usual);
    }

    [Fact]
    public async Task The_same_digits_with_another_payee_want_a_reason()
    {
        var scene = await SettledScene.BuildAsync(server, manager: "manager2");
        _ = await SettledScene.BuildAsync(server);
        var owner = PayeeOwner.Of(scene.Institution);
        var refusal = Desk.Refused(await ProposeAsync(owner, SettledScene.Account));
        Assert.Equal(RefusalCode.PayeeAccountShared, refusal.Code);
        var proposed = (await ProposeAsync(owner, SettledScene.Account, shared: "同一集团结算户")).OrThrow();
        Assert.NotNull((await server.Get<PayeeReading>().OfAsync(owner)).Single(one => one.Id == proposed.Id).AlsoOf);
        (await server.Get<DecidePayee>().EndAsync(await _desk.WhoAsync("reviewer"), proposed.Id, "不采用")).OrThrow();
    }

    [Theory]
    [InlineData("=1+1", "农行", "12345678", "holder")]
    [InlineData("甲", "@行", "12345678", "bank")]
    [InlineData("甲", "农行", "1234567", "account")]
    [InlineData("甲", "农行", "12345678x", "account")]
    public async Task What_the_bank_could_not_take_is_refused_by_its_field(string holder, string bank, string account, string field)
    {
        var scene = await SettledScene.BuildAsync(server);
        Desk.ExpectBadField(field, await server.Get<ProposePayee>().RunAsync(await _desk.WhoAsync("clerk"), PayeeOwner.Of(scene.Institution), new PayeeForm(holder, bank, account)));
    }

    [Fact]
    public async Task Showing_the_number_needs_a_reason_and_goes_on_the_trail_and_no_institution_may()
    {
        var scene = await SettledScene.BuildAsync(server);
        var account = (await UsableAsync(PayeeOwner.Of(scene.Institution), CountyTime.DayOf(server.Clock.GetUtcNow())))!;
        var decide = server.Get<DecidePayee>();
        Desk.ExpectRefusal(RefusalCode.ReasonMissing, await decide.ShowAsync(await _desk.WhoAsync("finance"), account.Id, " "));
        Desk.ExpectRefusal(RefusalCode.NotAllowed, await decide.ShowAsync(await _desk.WhoAsync("manager"), account.Id, "看看"));
        Assert.Equal(SettledScene.Account, (await decide.ShowAsync(await _desk.WhoAsync("finance"), account.Id, "核对退票")).OrThrow());
    }

    [Fact]
    public async Task Who_verified_the_account_does_not_pay_to_it()
    {
        var scene = await SettledScene.BuildAsync(server);
        var claim = await _desk.ApprovedClaimAsync(await scene.CompletedVouchersAsync(1));
        await _desk.HireAsync("verifier", Role.Reviewer);
        var proposed = (await ProposeAsync(PayeeOwner.Of(scene.Institution), "6228480000000000035")).OrThrow();
        (await VerifyAsync(proposed.Id, "verifier")).OrThrow();
        server.Clock.Advance(TimeSpan.FromDays(4));
        await _desk.HireAsync("verifier-pays", Role.Finance, sameAs: "verifier");
        Desk.ExpectRefusal(RefusalCode.SamePerson, await _desk.PayAsync([claim], "verifier-pays"));
        (await _desk.PaidAsync((await _desk.PayAsync([claim])).OrThrow())).OrThrow();
        await _desk.ExpectInvariantsAsync();
        (await server.Get<DecidePayee>().EndAsync(await _desk.WhoAsync("reviewer"), proposed.Id, "换回")).OrThrow();
    }

    private async Task<Outcome<ProposedPayee>> ProposeAsync(PayeeOwner owner, string account, string? shared = null) =>
        await server.Get<ProposePayee>().RunAsync(await _desk.WhoAsync("clerk"), owner, new PayeeForm("新户名", "农行东乡支行", account, "换户", shared));

    private async Task<Outcome<DateOnly>> VerifyAsync(int account, string login = "reviewer") =>
        await server.Get<DecidePayee>().VerifyAsync(await _desk.WhoAsync(login), account);

    private async Task<long> OnPageAsync(SettledScene scene)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select count(*) from institution_payee where institution_id = @Institution", new { scene.Institution });
    }

    private async Task<UsablePayee?> UsableAsync(PayeeOwner owner, DateOnly day)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await PayeeStore.UsableAsync(connection, null, owner, day);
    }
}
