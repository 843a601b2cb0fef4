using Dapper;
using Voucher.Core;
using Voucher.Core.Money;
using Voucher.Server.Institutions.Marking;
using Voucher.Server.Settling.CollegeCosts;
using Voucher.Server.Tests.Spreadsheets;

namespace Voucher.Server.Tests.Settling;

/// <summary>Half of a college's training income may go to running costs; the memo ties to what was paid.</summary>
public sealed class CollegeTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly Desk _desk = new(server);

    [Fact]
    public async Task The_memo_is_half_of_what_was_paid_less_what_was_taken_back()
    {
        var scene = await SettledScene.BuildAsync(server);
        var (clerk, manager) = (await _desk.WhoAsync("clerk"), await _desk.WhoAsync("manager"));
        var today = CountyTime.DayOf(server.Clock.GetUtcNow());
        var period = new CollegePeriod(today.Year, null);
        var reading = server.Get<CollegeReading>();
        Assert.Null(await reading.FindAsync(clerk, scene.Institution, period));
        var mark = new MarkForm(nameof(Voucher.Core.Institutions.MarkKind.College), today.Year, null, "教职〔2026〕1号", null, null, null, null);
        (await server.Get<MarkInstitution>().AddAsync(scene.Institution, mark, clerk)).OrThrow();
        Assert.Equal(Fen.Zero, (await reading.FindAsync(clerk, scene.Institution, period))!.Split.Income);

        var vouchers = await scene.CompletedVouchersAsync(2);
        (await _desk.PaidAsync((await _desk.PayAsync([await _desk.ApprovedClaimAsync(vouchers)])).OrThrow())).OrThrow();
        var memo = (await reading.FindAsync(manager, scene.Institution, period))!;
        Assert.Equal((Fen.FromYuan(2400), Fen.FromYuan(1200), Fen.FromYuan(1200)), (memo.Split.Income, memo.Split.RunningCosts, memo.Split.Rest));
        Assert.Equal((await scene.BalancesAsync())[LedgerAccountKind.Paid], memo.Paid);
        Assert.Null(await reading.FindAsync(await _desk.WhoAsync("manager2"), scene.Institution, period));
        Assert.Null((await reading.FindAsync(clerk, scene.Institution, new CollegePeriod(today.Year - 1, null))));

        var recoveries = new RecoveryScene(server);
        await _desk.HireAsync(RecoveryScene.Decider, Voucher.Server.Accounts.Role.Approver);
        await recoveries.DecidedAsync($"{vouchers[0]}");
        var wrong = await recoveries.DecidedAsync($"{vouchers[1]} 500");
        memo = (await reading.FindAsync(clerk, scene.Institution, period))!;
        Assert.Equal((Fen.FromYuan(700), Fen.FromYuan(350), Fen.FromYuan(1700)), (memo.Split.Income, memo.Split.RunningCosts, memo.TakenBack));

        // A decision that is reversed is the college's income again, on a line of its own.
        var reverse = server.Get<Voucher.Server.Settling.Recovering.ReverseRecovery>();
        (await reverse.ProposeAsync(wrong, "证据有误", clerk)).OrThrow();
        (await reverse.ConfirmAsync(wrong, "属实", await _desk.WhoAsync(RecoveryScene.Decider))).OrThrow();
        memo = (await reading.FindAsync(clerk, scene.Institution, period))!;
        Assert.Equal((Fen.FromYuan(1200), Fen.FromYuan(600), Fen.FromYuan(1200)), (memo.Split.Income, memo.Split.RunningCosts, memo.TakenBack));
        Assert.Equal([-1700L, 500L, 2400L], memo.Rows.Select(row => row.Amount.Value / 100).Order());
        Assert.Contains(memo.Rows, row => row.What.Zh == "撤销追回");

        using var portal = await server.OpenPortalAsync("manager");
        Assert.Contains("600.00", await portal.GetStringAsync($"/settling/colleges/{scene.Institution}?year={today.Year}"), StringComparison.Ordinal);
        Assert.Contains("一线教师倾斜", await portal.GetStringAsync($"/settling/colleges?year={today.Year}"), StringComparison.Ordinal);
        var address = $"/settling/colleges/{scene.Institution}?year={today.Year}";
        using var paper = await portal.PostAsync($"{address}&handler=Pdf", new FormUrlEncodedContent(
            [KeyValuePair.Create("__RequestVerificationToken", ServerUnderTest.Antiforgery(await portal.GetStringAsync(address))), KeyValuePair.Create("year", $"{today.Year}")]));
        Assert.Equal("application/pdf", paper.Content.Headers.ContentType?.MediaType);
        if (Environment.GetEnvironmentVariable("VOUCHER_FORMS_TO") is { } folder)
            await File.WriteAllBytesAsync(Path.Combine(folder, "tie-memo.pdf"), await paper.Content.ReadAsByteArrayAsync());
        using var answer = await portal.ExportAsync("college-memo", ("institution", $"{scene.Institution}"), ("year", $"{today.Year}"));
        Assert.Equal(1200.0, (await ExportClient.OpenAsync(answer)).Column("金额（元）").Sum(cell => (double)cell!));
        using var all = await portal.ExportAsync("colleges", ("year", $"{today.Year}"));
        Assert.Equal([600.0], (await ExportClient.OpenAsync(all)).Column("可用于公用经费（元）"));
    }
}
