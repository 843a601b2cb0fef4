using System.Net.ServerSentEvents;
using System.Text.Json;
using Voucher.Core.Wire;
using Voucher.Terminal.Link;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Link;

/// <summary>A real terminal, a real port, and a peer that loses, delays and cuts.</summary>
public sealed class LinkTests
{
    /// <summary>Each scan was taken in once, and the terminal knows every answer.</summary>
    private static void IsWhole(ServerPeer server, Server.Kiosk kiosk, int count)
    {
        Assert.Equal(kiosk.Journal.Latest(count + 1).Select(entry => entry.Sequence).Order(), server.Ledger.Order());
        Assert.Equal(count, server.Ledger.Count);
        Assert.Empty(server.Journal.Strange);
        Assert.False(server.SawOtherContent);
        Assert.All(kiosk.Journal.Latest(count + 1), entry => Assert.NotNull(entry.Answer));
        Assert.Null(kiosk.Journal.FirstBroken());
    }

    [Fact]
    public async Task An_answer_comes_over_the_hub()
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        await kiosk.Until(state => state.Link().GetProperty("via").GetString() == LinkBoard.Hub);
        var verdict = await kiosk.CheckIn(server.County.NewVoucher());
        Assert.Equal("accepted", verdict.Outcome());
        Assert.Equal("马*梅", verdict.GetProperty("holder").GetString());
        Assert.Equal("hub", Assert.Single(server.Asked).Via);
    }

    [Fact]
    public async Task What_the_hub_says_before_anybody_listens_is_kept()
    {
        await using var server = await new ServerPeer { TellsNewcomers = true }.Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        var before = server.HubCallers.Count;
        await using var hub = await HubLink.Connect(server.Address, ServerPeer.TokenOf(server.LastTerminal), TestContext.Current.CancellationToken);
        Assert.NotNull(hub);
        using var patience = new CancellationTokenSource(Server.Kiosk.Patience);
        while (server.HubCallers.Count == before) await Task.Delay(10, patience.Token);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.True(await hub.SetupChanged.WaitAsync(Server.Kiosk.Patience, TestContext.Current.CancellationToken));
        await server.Tell(HubNames.Revoked);
        await hub.Revoked.WaitAsync(Server.Kiosk.Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Without_a_hub_the_answer_comes_over_REST()
    {
        await using var server = await new ServerPeer(withHub: false).Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        Assert.Equal("accepted", (await kiosk.CheckIn(server.County.NewVoucher())).Outcome());
        Assert.Equal("rest", Assert.Single(server.Asked).Via);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_answer_is_asked_for_again_with_the_same_id_and_content(bool withHub)
    {
        await using var server = await new ServerPeer(withHub).Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        server.Moods.Enqueue(Mood.LoseAnswer);
        server.Moods.Enqueue(Mood.LoseAnswer);
        await kiosk.CheckIn(server.County.NewVoucher());
        await kiosk.Until(state => state.WaitingCount() == 0);
        Assert.True(server.Asked.Count >= 3);
        Assert.Single(server.Asked.Select(asked => asked.Scan).Distinct());
        IsWhole(server, kiosk, 1);
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_and_the_screen_turns_green()
    {
        await using var server = await new ServerPeer(withHub: false).Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        server.Moods.Enqueue(Mood.Busy);
        Assert.Equal("accepted", (await kiosk.CheckIn(server.County.NewVoucher())).Outcome());
        Assert.True((await kiosk.State()).IsOnline());
    }

    [Fact]
    public async Task Offline_the_desk_goes_on_nothing_is_lost_and_all_is_confirmed()
    {
        await using var site = await CabledKiosk.Start();
        var (server, cable, kiosk) = site;
        cable.Cut();
        await kiosk.Until(state => !state.IsOnline());
        for (var i = 0; i < 12; i++)
        {
            var verdict = await kiosk.CheckIn(server.County.NewVoucher());
            Assert.Equal("provisional", verdict.Outcome());
            Assert.Contains("离线受理", verdict.GetProperty("reason").GetProperty("zh").GetString(), StringComparison.Ordinal);
        }
        var state = await kiosk.State();
        Assert.Equal(12, state.WaitingCount());
        Assert.Equal(kiosk.Journal.Latest(12)[^1].Request.ScannedAt.ToUnixTimeMilliseconds(),
            state.GetProperty("waiting").GetProperty("since").GetDateTimeOffset().ToUnixTimeMilliseconds());
        Assert.Empty(server.Asked);
        cable.Heal();
        await kiosk.Until(state => state.WaitingCount() == 0 && state.IsOnline());
        IsWhole(server, kiosk, 12);
    }

    [Fact]
    public async Task Cut_and_healed_while_scanning_each_scan_is_taken_in_once()
    {
        await using var site = await CabledKiosk.Start();
        var (server, cable, kiosk) = site;
        for (var i = 0; i < 30; i++)
        {
            if (i % 10 == 3) cable.Cut();
            if (i % 10 == 6) cable.Heal();
            if (i % 7 == 0) server.Moods.Enqueue(Mood.LoseAnswer);
            await kiosk.CheckIn(server.County.NewVoucher());
        }
        await kiosk.Until(state => state.WaitingCount() == 0);
        IsWhole(server, kiosk, 30);
    }

    [Fact]
    public async Task A_half_open_link_is_noticed_without_a_scan()
    {
        await using var site = await CabledKiosk.Start();
        var (server, cable, kiosk) = site;
        await kiosk.Until(state => state.Link().GetProperty("via").GetString() == LinkBoard.Hub);
        cable.Freeze();
        await kiosk.Until(state => !state.IsOnline());
        cable.Heal();
        await kiosk.Until(state => state.IsOnline());
    }

    [Fact]
    public async Task A_scan_over_a_half_open_link_is_saved_and_confirmed_later()
    {
        await using var site = await CabledKiosk.Start();
        var (server, cable, kiosk) = site;
        cable.Freeze();
        Assert.Equal("provisional", (await kiosk.CheckIn(server.County.NewVoucher())).Outcome());
        cable.Heal();
        await kiosk.Until(state => state.WaitingCount() == 0);
        IsWhole(server, kiosk, 1);
    }

    [Fact]
    public async Task A_scan_that_the_server_fails_over_does_not_hold_up_the_others()
    {
        await using var server = await new ServerPeer(withHub: false).Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        server.Cursed.Add(1);
        for (var i = 0; i < 3; i++) await kiosk.CheckIn(server.County.NewVoucher());
        await kiosk.Until(state => state.WaitingCount() == 1);
        Assert.Equal(kiosk.Journal.Latest(2).Select(entry => entry.Sequence).Order(), server.Ledger);
    }

    [Fact]
    public async Task An_expired_token_is_renewed_within_the_same_scan()
    {
        await using var server = await new ServerPeer(withHub: false).Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        server.TokenIsExpired = true;
        Assert.Equal("accepted", (await kiosk.CheckIn(server.County.NewVoucher())).Outcome());
    }

    [Fact]
    public async Task A_journal_behind_the_server_never_gives_a_number_twice()
    {
        await using var server = await new ServerPeer { LastSequence = 57 }.Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        Assert.Equal(58, (await kiosk.CheckIn(server.County.NewVoucher())).GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task The_page_is_told_of_an_answer_that_comes_later()
    {
        await using var site = await CabledKiosk.Start();
        var (server, cable, kiosk) = site;
        cable.Cut();
        await kiosk.Until(state => !state.IsOnline());
        var saved = await kiosk.CheckIn(server.County.NewVoucher());
        await using var stream = await kiosk.Http.GetStreamAsync("local/events");
        cable.Heal();
        using var patience = new CancellationTokenSource(Server.Kiosk.Patience);
        await foreach (var message in SseParser.Create(stream).EnumerateAsync(patience.Token))
        {
            if (message.EventType != "late") continue;
            var late = JsonSerializer.Deserialize<JsonElement>(message.Data);
            Assert.Equal("accepted", late.Outcome());
            Assert.Equal(saved.GetProperty("scanId").GetString(), late.GetProperty("scanId").GetString());
            return;
        }
        Assert.Fail("The late answer was not told.");
    }
}
