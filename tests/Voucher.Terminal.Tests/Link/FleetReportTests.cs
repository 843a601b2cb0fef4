using System.Net;
using System.Net.Http.Json;
using Voucher.Core.Wire;
using Voucher.Terminal.Kiosk;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Link;

public sealed class FleetReportTests
{
    [Fact]
    public async Task A_terminal_tells_what_it_is_and_how_it_stands_and_again_soon_after_something_has_changed()
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        var first = await UntilAsync(server, _ => true);
        Assert.Equal((Protocol.Current, 0, null, null), (first.Protocol, first.Waiting, first.Camera, first.Scanner));
        Assert.NotEmpty(first.Version);
        Assert.Contains('-', first.System);

        using (var told = await kiosk.Http.PostAsJsonAsync("local/readers", new { camera = true, scanner = false })) Assert.Equal(HttpStatusCode.NoContent, told.StatusCode);
        await kiosk.CheckIn(server.County.NewVoucher());
        await kiosk.Http.PostAsJsonAsync("local/read", new { digits = server.County.NewVoucher() });
        await kiosk.Http.PostAsJsonAsync("local/read", new { digits = "health code" });
        await kiosk.Enrol(server.County.NewVoucher(), County.StrangerNumber);
        await kiosk.Http.PostAsJsonAsync("local/readers", new { camera = false, scanner = true });
        var changed = await UntilAsync(server, report => report.Scanner == true);
        Assert.Equal((false, 2, 1, 1), (changed.Camera!.Value, changed.Readings, changed.Accepted, changed.Refused));
    }

    [Fact]
    public async Task One_that_is_revoked_while_its_line_says_nothing_hears_it_from_its_report()
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        await UntilAsync(server, _ => true);
        server.Status = TerminalStatus.Revoked;
        await kiosk.Http.PostAsJsonAsync("local/readers", new { camera = true, scanner = true });
        await kiosk.Until(state => state.Standing() == "revoked");
    }

    [Fact]
    public async Task A_server_that_speaks_a_newer_protocol_has_the_desk_told_to_update_and_goes_on_to_serve_it()
    {
        await using var server = await new ServerPeer { Protocols = (Protocol.Current + 1, Protocol.OldestAccepted) }.Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        var state = await kiosk.Until(state => state.GetProperty("update").ValueKind != System.Text.Json.JsonValueKind.Null);
        Assert.Contains("更新", state.GetProperty("update").GetProperty("zh").GetString(), StringComparison.Ordinal);
        Assert.Equal("accepted", (await kiosk.CheckIn(server.County.NewVoucher())).Outcome());
        var number = $"{Protocol.Current}";
        Assert.Equal((number, number), (server.ProtocolOfLogIn, server.ProtocolOfHub));
    }

    [Fact]
    public async Task One_that_is_too_old_says_that_it_must_be_updated_works_offline_and_loses_nothing()
    {
        await using var server = await new ServerPeer(withHub: false).Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await kiosk.State()).GetProperty("update").ValueKind);
        server.Protocols = (Protocol.Current + 2, Protocol.Current + 1);
        server.TokenIsExpired = true;
        var state = await kiosk.Until(state => !state.IsOnline() && state.GetProperty("update").ValueKind != System.Text.Json.JsonValueKind.Null);
        Assert.Equal("active", state.Standing());
        Assert.Contains("须更新", state.GetProperty("update").GetProperty("zh").GetString(), StringComparison.Ordinal);
        Assert.Equal("provisional", (await kiosk.CheckIn(server.County.NewVoucher())).Outcome());
        Assert.False((await kiosk.State()).IsOnline());

        server.Protocols = (Protocol.Current, Protocol.OldestAccepted);
        await kiosk.Until(state => state.IsOnline() && state.WaitingCount() == 0 && state.GetProperty("update").ValueKind == System.Text.Json.JsonValueKind.Null);
        Assert.Equal([1L], server.Ledger);
    }

    [Fact]
    public void Counts_reach_back_a_day_and_no_further()
    {
        var clock = new StepClock();
        var counts = new DeskCounts(clock);
        counts.Read();
        counts.Answered(accepted: true);
        clock.Now += TimeSpan.FromHours(23);
        counts.Read();
        counts.Answered(accepted: false);
        Assert.Equal((2, 1, 1), counts.LastDay());
        clock.Now += TimeSpan.FromHours(1);
        Assert.Equal((1, 0, 1), counts.LastDay());
        clock.Now += TimeSpan.FromDays(3);
        counts.Read();
        Assert.Equal((1, 0, 0), counts.LastDay());
    }

    [Fact]
    public void What_no_page_has_said_for_minutes_nobody_knows()
    {
        var clock = new StepClock();
        var board = new ReaderBoard(clock);
        Assert.Null(board.Camera);
        board.Tell(camera: true, scanner: false);
        clock.Now += ReaderBoard.KnownFor;
        Assert.Equal((true, false), (board.Camera!.Value, board.Scanner!.Value));
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal((null, null), (board.Camera, board.Scanner));
    }

    private static async Task<TerminalReport> UntilAsync(ServerPeer server, Func<TerminalReport, bool> isIt)
    {
        using var patience = new CancellationTokenSource(Server.Kiosk.Patience);
        while (true)
        {
            if (server.Reports.LastOrDefault(isIt) is { } report) return report;
            await Task.Delay(50, patience.Token);
        }
    }

    private sealed class StepClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 1, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
