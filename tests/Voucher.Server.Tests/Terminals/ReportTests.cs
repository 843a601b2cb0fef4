using System.Net;
using System.Net.Http.Json;
using Voucher.Core.Refusals;
using Voucher.Core.Wire;
using Voucher.Server.Terminals;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.Terminals;

public sealed class ReportTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private readonly ScanScene _scene = new(server);

    private TerminalReport Plain => new(
        "1.4.0", Protocol.Current, Waiting: 3, server.Clock.GetUtcNow().AddHours(-2), ClockAheadSeconds: 240, Readings: 41, Accepted: 30, Refused: 5,
        Camera: true, Scanner: null, ListCounter: 17, server.Clock.GetUtcNow().AddHours(-1), "linux-x64");

    [Fact]
    public async Task The_latest_report_stands_and_each_hour_leaves_a_row()
    {
        using var terminal = await _scene.PairAsync();
        await SendAsync(terminal, Plain);
        await SendAsync(terminal, Plain with { Waiting = 9, Camera = false });
        server.Clock.Advance(TimeSpan.FromHours(1));
        await _scene.LogInAsync(terminal);
        await SendAsync(terminal, Plain with { Waiting = 0, WaitingSince = null, ClockAheadSeconds = -90 });

        var row = await RowAsync(terminal);
        Assert.Equal((0, null, -90, true, null), (row.Waiting, row.WaitingSince, row.ClockAheadSeconds!.Value, row.HasCamera, row.HasScanner));
        Assert.Equal(("1.4.0", "linux-x64", 17L, 41), (row.Version, row.System, row.ListCounter, row.Readings));
        var hours = await server.Get<TerminalReportStore>().HoursAsync(terminal.Id, ReportChart.Since(server.Clock.GetUtcNow()));
        Assert.Equal([(2, 9), (1, 0)], hours.Select(hour => (hour.Reports, hour.WaitingMost)));
    }

    [Fact]
    public async Task Hours_are_kept_for_thirty_days()
    {
        using var terminal = await _scene.PairAsync();
        await SendAsync(terminal, Plain);
        var then = server.Clock.GetUtcNow();
        var reports = server.Get<TerminalReportStore>();
        await reports.PruneAsync(then + TerminalReportStore.Kept - TimeSpan.FromHours(1));
        Assert.Single(await reports.HoursAsync(terminal.Id, DateTimeOffset.UnixEpoch));
        await reports.PruneAsync(then + TerminalReportStore.Kept + TimeSpan.FromHours(1));
        Assert.Empty(await reports.HoursAsync(terminal.Id, DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public async Task Every_field_that_cannot_be_is_named()
    {
        using var terminal = await _scene.PairAsync();
        var far = server.Clock.GetUtcNow().AddYears(40);
        using var answer = await terminal.Client.PostAsJsonAsync(TerminalReport.Path, new TerminalReport(
            new string('v', TerminalReport.LongestVersion + 1), -1, -1, far, TerminalReport.MostSecondsAhead + 1, TerminalReport.MostCounted + 1, -1, -1,
            null, null, -1, far, new string('s', TerminalReport.LongestSystem + 1)));
        Assert.Equal(
            ["accepted", "clockAheadSeconds", "listAt", "listCounter", "protocol", "readings", "refused", "system", "version", "waiting", "waitingSince"],
            await Problem.FieldsAsync(answer));
        await SendAsync(terminal, Plain with
        {
            Version = new string('v', TerminalReport.LongestVersion), System = new string('s', TerminalReport.LongestSystem),
            Waiting = TerminalReport.MostCounted, ClockAheadSeconds = -TerminalReport.MostSecondsAhead,
        });
    }

    [Fact]
    public async Task A_newer_terminal_may_say_more_than_this_server_knows()
    {
        using var terminal = await _scene.PairAsync();
        using var answer = await terminal.Client.PostAsJsonAsync(TerminalReport.Path, new { version = "9", protocol = 9, system = "win-x64", mood = "good" });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(9, (await RowAsync(terminal)).Protocol);
    }

    [Fact]
    public async Task A_terminal_revoked_a_moment_ago_learns_it_from_its_report()
    {
        using var terminal = await _scene.PairAsync();
        using var clerk = await server.LogInAsync("clerk");
        using var revoked = await clerk.PostAsync($"/api/terminals/{terminal.Id}/revoke", null);
        using var answer = await terminal.Client.PostAsJsonAsync(TerminalReport.Path, Plain);
        Assert.Equal(RefusalCode.TerminalNotActive, await Problem.RefusalAsync(answer));
        using var nobody = new HttpClient { BaseAddress = server.Address };
        using var stranger = await nobody.PostAsJsonAsync(TerminalReport.Path, Plain);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
    }

    private async Task<FleetRow> RowAsync(TestTerminal terminal) => (await server.Get<FleetStore>().FindAsync(terminal.Id, server.Clock.GetUtcNow()))!;

    private static async Task SendAsync(TestTerminal terminal, TerminalReport report)
    {
        using var answer = await terminal.Client.PostAsJsonAsync(TerminalReport.Path, report);
        Assert.True(answer.StatusCode == HttpStatusCode.NoContent, $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}
