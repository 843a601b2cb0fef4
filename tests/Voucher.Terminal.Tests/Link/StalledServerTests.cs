using Voucher.Terminal.Link;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Link;

/// <summary>A server whose database hangs: its hub pongs, and nothing that is asked is answered.</summary>
public sealed class StalledServerTests
{
    [Fact]
    public async Task The_screen_says_offline_behind_a_living_hub_and_online_again_when_the_server_answers()
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        await kiosk.Until(state => state.Link().GetProperty("via").GetString() == LinkBoard.Hub);
        server.IsStalled = true;
        Assert.Equal("provisional", (await kiosk.CheckIn(server.County.NewVoucher())).Outcome());
        await kiosk.Until(state => !state.IsOnline());
        Assert.Equal("provisional", (await kiosk.CheckIn(server.County.NewVoucher())).Outcome());
        server.IsStalled = false;
        await kiosk.Until(state => state.IsOnline() && state.WaitingCount() == 0);
        Assert.Equal("accepted", (await kiosk.CheckIn(server.County.NewVoucher())).Outcome());
    }

    [Fact]
    public async Task A_scan_that_was_to_wait_its_turn_is_merely_saved_when_the_server_answers_no_more()
    {
        await using var server = await new ServerPeer(withHub: false).Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        server.Moods.Enqueue(Mood.SlowDownAndStall);
        Assert.Contains("正在排队", ReasonOf(await kiosk.CheckIn(server.County.NewVoucher())), StringComparison.Ordinal);
        using var patience = new CancellationTokenSource(Server.Kiosk.Patience);
        while (ReasonOf((await kiosk.Recent())[0]).Contains("正在排队", StringComparison.Ordinal)) await Task.Delay(100, patience.Token);
        Assert.False((await kiosk.State()).IsOnline());
    }

    private static string ReasonOf(System.Text.Json.JsonElement verdict) => verdict.GetProperty("reason").GetProperty("zh").GetString()!;
}
