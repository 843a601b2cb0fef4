using System.Net.Http.Json;
using AngleSharp.Html.Parser;
using Voucher.Core.Wire;
using Voucher.Server.Terminals;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Terminals;

public sealed class FleetPageTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ScanScene _scene = new(server);

    [Fact]
    public async Task The_page_puts_laggards_first_and_says_why()
    {
        using var early = await server.OpenPortalAsync("clerk");
        var empty = await early.GetStringAsync("/terminals");
        Assert.Contains("还没有终端", empty);
        Assert.Contains("生成配对码", empty);

        using var silent = await _scene.PairAsync();
        server.Clock.Advance(TimeSpan.FromDays(3) + TimeSpan.FromMinutes(5));
        using var slow = await _scene.PairAsync(institution: 2);
        await ReportAsync(slow, waiting: 32, clockAhead: 245);
        using var good = await _scene.PairAsync();
        await ReportAsync(good, waiting: 0, clockAhead: 1);
        var (voucher, training) = (await _scene.IssueAsync(), await _scene.OpenClassAsync());
        Assert.True((await good.ScanAsync(ScanMode.Enrol, training, voucher)).Accepted);
        Assert.False((await good.ScanAsync(ScanMode.Enrol, training, voucher)).Accepted);

        using var portal = await server.OpenPortalAsync("clerk");
        var page = await portal.GetStringAsync("/terminals");
        var rows = Rows(page);
        Assert.Equal([slow.Id, silent.Id, good.Id], rows.Select(row => row.Terminal));
        Assert.Equal(["ScansWait", "ClockOff"], rows[0].Troubles.Select(trouble => trouble.Kind));
        Assert.StartsWith("32 条扫码自 ", rows[0].Troubles[0].Text, StringComparison.Ordinal);
        Assert.Equal("时钟快 4 分钟", rows[0].Troubles[1].Text);
        Assert.Equal("3 天没有联系", Assert.Single(rows[1].Troubles, trouble => trouble.Kind == "Silent").Text);
        Assert.Empty(rows[2].Troubles);
        Assert.Contains("1 / 2 · 50%", page);
        Assert.Equal(["3", "0", "2", "32", "0"], Counts(page));

        Assert.Equal([slow.Id], Rows(await portal.GetStringAsync("/terminals?trouble=ScansWait")).Select(row => row.Terminal));
        Assert.Equal([slow.Id, silent.Id], Rows(await portal.GetStringAsync("/terminals?trouble=any")).Select(row => row.Terminal));
        Assert.Equal([slow.Id], Rows(await portal.GetStringAsync("/terminals?institutionId=2")).Select(row => row.Terminal));
        Assert.Contains("没有符合条件的终端", await portal.GetStringAsync("/terminals?institutionId=1&trouble=ClockOff"));
        Assert.Equal(3, Rows(await portal.GetStringAsync("/terminals?institutionId=x&trouble=7&pageNumber=-1")).Count);

        var one = await portal.GetStringAsync($"/terminals/{slow.Id}");
        var charts = new HtmlParser().ParseDocument(one).QuerySelectorAll("svg").Select(chart => chart.GetAttribute("aria-label"));
        Assert.Contains("近30天待补送扫码，最多 32", charts);
        Assert.Contains("确认启用", one);
    }

    private async Task ReportAsync(TestTerminal terminal, int waiting, int clockAhead)
    {
        var since = waiting > 0 ? server.Clock.GetUtcNow().AddHours(-5) : (DateTimeOffset?)null;
        using var answer = await terminal.Client.PostAsJsonAsync(TerminalReport.Path, new TerminalReport(
            "1.0", Protocol.Current, waiting, since, clockAhead, 3, 1, 1, Camera: true, Scanner: false, ListCounter: null, ListAt: null, "linux-x64"));
        answer.EnsureSuccessStatusCode();
    }

    private static List<(Core.TerminalId Terminal, List<(string Kind, string Text)> Troubles)> Rows(string page) =>
        [.. new HtmlParser().ParseDocument(page).QuerySelectorAll("[data-testid=terminal-row]").Select(row => (
            new Core.TerminalId(int.Parse(row.QuerySelector("a")!.GetAttribute("href")!.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture)),
            row.QuerySelectorAll("[data-trouble]").Select(item => (item.GetAttribute("data-trouble")!, item.TextContent)).ToList()))];

    private static List<string> Counts(string page) =>
        [.. new HtmlParser().ParseDocument(page).QuerySelectorAll("[data-testid=fleet-counts] dd").Select(count => count.TextContent)];
}
