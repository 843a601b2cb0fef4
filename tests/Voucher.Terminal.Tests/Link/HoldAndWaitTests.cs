using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Link;

/// <summary>Neither yes nor no: the county looks first, or the server asks for patience. Both look unlike an error.</summary>
public sealed class HoldAndWaitTests
{
    [Fact]
    public async Task A_hold_is_a_verdict_of_its_own()
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        server.Moods.Enqueue(Mood.Held);
        var verdict = await kiosk.CheckIn(server.County.NewVoucher());
        Assert.Equal("held", verdict.Outcome());
        Assert.Equal(312, verdict.GetProperty("refusal").GetInt32());
    }

    [Fact]
    public async Task A_terminal_that_is_slowed_down_waits_as_long_as_the_server_says_and_then_turns_green()
    {
        await using var server = await new ServerPeer(withHub: false).Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        server.Moods.Enqueue(Mood.SlowDown);
        Assert.Equal("accepted", (await kiosk.CheckIn(server.County.NewVoucher())).Outcome());
        Assert.Equal(2, server.Asked.Count);
    }

    [Fact]
    public async Task While_it_waits_longer_than_a_person_does_the_screen_says_that_it_waits_its_turn()
    {
        await using var server = await new ServerPeer(withHub: false).Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        for (var i = 0; i < 8; i++) server.Moods.Enqueue(Mood.SlowDown);
        var verdict = await kiosk.CheckIn(server.County.NewVoucher());
        Assert.Equal("waiting", verdict.Outcome());
        Assert.Contains("正在排队", verdict.GetProperty("reason").GetProperty("zh").GetString(), StringComparison.Ordinal);
        Assert.Contains("waits its turn", verdict.GetProperty("reason").GetProperty("en").GetString(), StringComparison.Ordinal);
    }
}
