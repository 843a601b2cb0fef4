using Dapper;
using Voucher.Core;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Vouchers;
using Voucher.Server.Demo;
using Voucher.Server.Policies;
using Voucher.Server.Register;
using Voucher.Server.Settling.Allowances;
using Voucher.Server.Settling.Payments;

namespace Voucher.Server.Tests.Settling;

/// <summary>A class of two days in one month of the past, trainees with accounts, and a pack that pays 30 and 10 yuan a day.</summary>
public sealed class AllowanceScene
{
    private readonly ServerUnderTest _server;
    private readonly Desk _desk;

    private AllowanceScene(ServerUnderTest server, SettledScene settled, DateOnly month) => (_server, _desk, Settled, Month) = (server, new Desk(server), settled, month);

    public SettledScene Settled { get; }
    public DateOnly Month { get; }
    public AllowanceRequest Request => new(DrawUpAllowances.MonthName(Month), null, Settled.BudgetLine.Value);

    /// <param name="monthsAgo">Each test its own month, so that lists of one do not meet those of another.</param>
    public static async Task<AllowanceScene> BuildAsync(
        ServerUnderTest server, int monthsAgo, Func<PolicyParameters, PolicyParameters>? rules = null, long rateYuan = 1200, bool ownSource = false)
    {
        var today = CountyTime.DayOf(server.Clock.GetUtcNow());
        var month = new DateOnly(today.Year, today.Month, 1).AddMonths(-monthsAgo);
        var store = server.Get<PolicyStore>();
        var pack = (await store.ListAsync()).MinBy(each => each.Id.Value)!; // The county's own, whatever other tests have put after it.
        var parameters = (rules ?? (p => p with { LivingAllowanceFenPerDay = 3_000, TransportAllowanceFenPerDay = 1_000 }))(pack.Parameters);
        await store.AddAsync(pack with { DocumentNo = "补助测试", Version = Packs.NextVersion(), EffectiveUntil = null, Parameters = parameters });
        var scene = new AllowanceScene(server, await SettledScene.BuildAsync(server, rateYuan, ownSource: ownSource), month);
        await scene.ExecuteAsync("""
            update class_session s set held_on = @month + (4 + n.at)::int
            from (select id, row_number() over (order by held_on) as at from class_session where class_id = @Class) n where n.id = s.id
            """, new { month, scene.Settled.Class });
        await AllowAsync(server, scene.Settled.BudgetLine, "财社〔2026〕1号");
        return scene;
    }

    /// <summary>Proposed by finance and confirmed by the approver.</summary>
    public static async Task AllowAsync(ServerUnderTest server, BudgetLineId line, string document)
    {
        var (desk, allow) = (new Desk(server), server.Get<AllowLine>());
        (await allow.ProposeAsync(await desk.WhoAsync("finance"), line.Value, document)).OrThrow();
        (await allow.ConfirmAsync(await desk.WhoAsync("approver"), line.Value)).OrThrow();
    }

    /// <summary>Trainees who attended both days; with an account that is verified and usable unless not.</summary>
    public async Task<IReadOnlyList<VoucherId>> TraineesAsync(int count, bool withAccounts = true)
    {
        var vouchers = await Settled.CompletedVouchersAsync(count);
        if (withAccounts) foreach (var voucher in vouchers) await AddAccountAsync(voucher);
        return vouchers;
    }

    public Task AddAccountAsync(VoucherId voucher, int usableInDays = 0, string hash = "") => ExecuteAsync("""
        insert into payee_account (region, person_id, holder_name, bank, account_sealed, account_hash, account_masked, proposed_at, verified_at, usable_from)
        select @Region, v.person_id, p.name, '东乡农商行', @account, case when @hash = '' then null else sha256(@hash::bytea) end, '6228****1234', @now, @now, @usable
        from voucher v join person p on p.id = v.person_id where v.id = @voucher
        """, new { DemoCounty.Region, voucher, hash, account = _server.Get<PersonalData>().Seal("6228000000000001234"), now = _server.Clock.GetUtcNow(), usable = CountyTime.DayOf(_server.Clock.GetUtcNow()).AddDays(usableInDays) });

    public async Task<DrawnUp> PreviewAsync() => (await _server.Get<DrawUpAllowances>().PreviewAsync(Request)).OrThrow();

    public async Task<Outcome<AllowanceListId>> DraftAsync(string clerk = "clerk") => await _server.Get<DrawUpAllowances>().RunAsync(await _desk.WhoAsync(clerk), Request);

    public async Task<Outcome<Nothing>> ApproveAsync(AllowanceListId list, string approver = "approver") =>
        await _server.Get<ApproveAllowances>().RunAsync(await _desk.WhoAsync(approver), list);

    public async Task<AllowanceListId> ApprovedAsync()
    {
        var list = (await DraftAsync()).OrThrow();
        (await ApproveAsync(list)).OrThrow();
        return list;
    }

    public async Task<Outcome<Nothing>> CancelAsync(AllowanceListId list, string? reason = "列错项目") =>
        await _server.Get<CancelAllowances>().ListAsync(await _desk.WhoAsync("approver"), list, reason);

    public async Task<Outcome<Nothing>> CancelOneAsync(AllowanceListId list, AllowanceId entry, bool isStruckOff) =>
        await _server.Get<CancelAllowances>().OneAsync(await _desk.WhoAsync("approver"), list, entry, "经查未到课", isStruckOff);

    public async Task<AllowanceListSummary> ReadAsync(AllowanceListId list) => (await _server.Get<AllowanceReading>().FindAsync(list))!;

    public Task<IReadOnlyList<AllowanceEntry>> EntriesAsync(AllowanceListId list) => _server.Get<AllowanceReading>().EntriesAsync(list);

    /// <summary>All that its source owes to trainees, in one payment.</summary>
    public async Task<Outcome<PaymentId>> PayAsync()
    {
        var source = Assert.Single(await RowsAsync<FundSourceId>("select fund_source_id from budget_line where id = @BudgetLine", new { Settled.BudgetLine }));
        return await _server.Get<MakePayment>().RunAsync(await _desk.WhoAsync("finance"), new PaymentChoice([], source, ToPeople: true));
    }

    public async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await _server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    public async Task<IReadOnlyList<T>> RowsAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await _server.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }
}
