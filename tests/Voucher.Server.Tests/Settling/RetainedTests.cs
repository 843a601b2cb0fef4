using Dapper;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Vouchers;
using Voucher.Server.Accounts;
using Voucher.Server.Settling.Retaining;
using Voucher.Server.Tests.Spreadsheets;

namespace Voucher.Server.Tests.Settling;

/// <summary>What is kept back is released after its time by two persons, or forfeited; the books say where it is.</summary>
public sealed class RetainedTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>, IAsyncLifetime
{
    private readonly PublicationDesk _desk = new(server);
    private Desk Desk => _desk.Desk;

    public async ValueTask InitializeAsync() => await _desk.PrepareAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task It_is_released_after_its_time_by_two_persons_and_then_owed_and_paid_as_anything_else()
    {
        var (scene, vouchers) = await PaidAsync(2);
        Desk.ExpectBadField("institutionId", await ReleaseAsync(scene));
        ToDueDay();
        var list = (await ReleaseAsync(scene)).OrThrow();
        Desk.ExpectBadField("institutionId", await ReleaseAsync(scene));
        await Desk.HireAsync("clerk-decides", Role.Approver, sameAs: "clerk");
        // Neither who drafted it nor who approved a line of it.
        foreach (var login in new[] { "clerk-decides", "approver" }) Desk.ExpectRefusal(RefusalCode.SamePerson, await DecideAsync(list, true, login));
        (await DecideAsync(list, true)).OrThrow();
        Desk.ExpectRefusal(RefusalCode.RetainedWrongStep, await DecideAsync(list, true));
        var balances = await scene.BalancesAsync();
        Assert.Equal(Fen.Zero, balances[LedgerAccountKind.Retained]);
        Assert.Equal(Fen.FromYuan(240), balances[LedgerAccountKind.Payable]);
        Assert.Equal(2, await _desk.AskAsync<int>(
            "select count(*)::int from payable y join claim_line l on l.id = y.claim_line_id where y.kind = 2 and y.state = 1 and y.amount_fen = 12000 and l.voucher_id = any(@ids)",
            new { ids = Ids(vouchers) }));
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task A_hold_a_finding_or_a_suspension_keeps_it_back_even_after_the_list_was_drafted()
    {
        var (scene, vouchers) = await PaidAsync(1, "manager2");
        ToDueDay();
        var list = (await ReleaseAsync(scene)).OrThrow();
        await scene.SpotCheckAsync(isClean: false, at: server.Clock.GetUtcNow());
        Desk.ExpectRefusal(RefusalCode.RetainedNotDue, await DecideAsync(list, true));
        (await DecideAsync(list, false, reason: "抽查发现问题")).OrThrow();
        Desk.ExpectBadField("institutionId", await ReleaseAsync(scene));
        await Desk.ExpectInvariantsAsync();
        var line = await LineOfAsync(vouchers[0]);
        var forfeit = (await server.Get<DraftRetained>().ForfeitAsync(await Desk.WhoAsync("clerk"), [line], "抽查查实未授课")).OrThrow();
        Desk.ExpectRefusal(RefusalCode.RetainedWrongStep, await server.Get<DraftRetained>().ForfeitAsync(await Desk.WhoAsync("clerk"), [line], "再拟一次"));
        (await DecideAsync(forfeit, true)).OrThrow();
        Assert.Equal(Fen.Zero, (await scene.BalancesAsync())[LedgerAccountKind.Retained]);
        Assert.Equal(0, await _desk.AskAsync<int>("select count(*)::int from payable where kind = 2 and claim_line_id = @line", new { line }));
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task Of_many_who_approve_at_once_one_books_it()
    {
        var (scene, _) = await PaidAsync(2);
        ToDueDay();
        var list = (await ReleaseAsync(scene)).OrThrow();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => DecideAsync(list, true))));
        Assert.Single(outcomes.OfType<Outcome<Nothing>.Done>());
        await Desk.ExpectInvariantsAsync();
    }

    [Fact]
    public async Task The_page_and_the_exports_show_what_is_due_and_of_whom()
    {
        var (scene, _) = await PaidAsync(1);
        ToDueDay();
        (await ReleaseAsync(scene)).OrThrow();
        using var portal = await server.OpenPortalAsync("clerk");
        var page = await portal.GetStringAsync("/settling/retained");
        foreach (var part in new[] { "retained-institution", "retained-list", "retained-line" }) Assert.Contains($"data-testid=\"{part}\"", page, StringComparison.Ordinal);
        foreach (var key in new[] { "retained", "retained-lists" })
        {
            using var answer = await portal.ExportAsync(key);
            Assert.NotEmpty((await ExportClient.OpenAsync(answer)).Rows);
        }
    }

    private async Task<(SettledScene Scene, IReadOnlyList<VoucherId> Vouchers)> PaidAsync(int count, string manager = "manager")
    {
        var scene = await SettledScene.BuildAsync(server, manager: manager);
        var vouchers = await scene.CompletedVouchersAsync(count);
        var claim = (await Desk.ClaimAsync(vouchers, manager)).OrThrow();
        (await Desk.ReviewAllAsync(claim)).OrThrow();
        (await Desk.ApproveAsync(claim)).OrThrow();
        (await _desk.PublishAsync(claim)).OrThrow();
        _desk.WaitOut();
        (await Desk.PaidAsync((await Desk.PayAsync([claim])).OrThrow())).OrThrow();
        Assert.Equal(Fen.FromYuan(120 * count), (await scene.BalancesAsync())[LedgerAccountKind.Retained]);
        return (scene, vouchers);
    }

    private void ToDueDay() => server.Clock.MoveTo(_desk.Today.AddMonths(1).AddDays(1), new TimeOnly(9, 0));

    private async Task<Outcome<long>> ReleaseAsync(SettledScene scene) =>
        await server.Get<DraftRetained>().ReleaseDueAsync(await Desk.WhoAsync("clerk"), scene.Institution.Value, "留存期满，未发现问题");

    private async Task<Outcome<Nothing>> DecideAsync(long list, bool isApproved, string login = PublicationDesk.Decider, string? reason = null) =>
        await server.Get<DecideRetained>().RunAsync(await Desk.WhoAsync(login), list, isApproved, reason);

    private Task<long> LineOfAsync(VoucherId voucher) => _desk.AskAsync<long>("select id from claim_line where voucher_id = @voucher and state <> 4", new { voucher });

    private static long[] Ids(IEnumerable<VoucherId> vouchers) => [.. vouchers.Select(voucher => (long)voucher.Value)];
}
