using Dapper;
using Voucher.Core;
using Voucher.Core.Institutions;
using Voucher.Core.Money;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Vouchers;
using Voucher.Server.Accounts;
using Voucher.Server.Institutions.Consequences;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Recovering;

namespace Voucher.Server.Tests.Settling;

/// <summary>The use cases of taking back as the tests say them. The decider is an approver who approved nothing of it.</summary>
public sealed class RecoveryScene(ServerUnderTest server)
{
    public const string Decider = "recovery-decider";

    public readonly Desk Desk = new(server);

    public DateOnly Today => CountyTime.DayOf(server.Clock.GetUtcNow());

    /// <summary>A class whose vouchers went all the way to the bank's receipt.</summary>
    public async Task<(SettledScene Scene, IReadOnlyList<VoucherId> Paid)> PaidAsync(int count, string manager = "manager")
    {
        await Desk.HireAsync(Decider, Role.Approver);
        var scene = await SettledScene.BuildAsync(server, manager: manager, ownSource: true);
        var vouchers = await scene.CompletedVouchersAsync(count);
        var claim = (await Desk.ClaimAsync(vouchers, manager)).OrThrow();
        (await Desk.ReviewAllAsync(claim)).OrThrow();
        (await Desk.ApproveAsync(claim)).OrThrow();
        (await Desk.PaidAsync((await Desk.PayAsync([claim])).OrThrow())).OrThrow();
        return (scene, vouchers);
    }

    public async Task<Outcome<RecoveryId>> ProposeAsync(string lines, string login = "clerk", bool fromTrainee = false) =>
        await server.Get<ProposeRecovery>().RunAsync(
            new RecoveryForm(FindingSource.SpotCheck, "抽查发现代签到", "抽查〔2026〕3号", Today.AddDays(30), lines, fromTrainee), await Desk.WhoAsync(login));

    public Task<Outcome<RecoveryId>> ProposeAsync(IEnumerable<VoucherId> vouchers, string login = "clerk") => ProposeAsync(string.Join('\n', vouchers), login);

    public async Task<Outcome<NoticeNumber>> ConfirmAsync(RecoveryId id, string login = Decider) =>
        await server.Get<DecideRecovery>().ConfirmAsync(id, "属实", await Desk.WhoAsync(login));

    public async Task<RecoveryId> DecidedAsync(string lines)
    {
        var id = (await ProposeAsync(lines)).OrThrow();
        (await ConfirmAsync(id)).OrThrow();
        return id;
    }

    public async Task<Outcome<Nothing>> PayInAsync(RecoveryId id, string document, string yuan) =>
        await server.Get<RecordPayIn>().RunAsync(id, new PayInForm(document, Today, yuan), await Desk.WhoAsync("finance"));

    public async Task<RecoveryDetail> ReadAsync(RecoveryId id, string login = "auditor") =>
        (await server.Get<RecoveryReading>().FindAsync(id, await Desk.WhoAsync(login)))!;

    /// <summary>A warning that is in force.</summary>
    public async Task WarnAsync(InstitutionId institution)
    {
        var impose = server.Get<ImposeConsequence>();
        var id = (await impose.ProposeAsync(institution, new ConsequenceForm(ConsequenceRung.Warning, "代签到", null, null, null), await Desk.WhoAsync("clerk"))).OrThrow();
        (await impose.ConfirmAsync(id, null, await Desk.WhoAsync(Decider))).OrThrow();
    }

    public async Task<Policy> PolicyAsync() => await server.Get<PolicyStore>().InForceOrLastAsync(Today);

    /// <summary>What stands on an account of the budget line, in yuan.</summary>
    public async Task<decimal> BalanceAsync(BudgetLineId line, LedgerAccountKind kind)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(
            "select coalesce(sum(balance_fen), 0)::bigint from ledger_account where budget_line_id = @line and kind = @kind", new { line, kind = (short)kind }) / 100m;
    }

    public async Task<T> ValueAsync<T>(string sql, object? with = null)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql, with))!;
    }
}
