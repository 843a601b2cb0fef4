using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Scanning;

/// <summary>A PC whose clock was reset must not be taken at its word against a voucher.</summary>
public sealed class WrongClockTests : IAsyncLifetime
{
    private static readonly TimeSpan TenYears = TimeSpan.FromDays(3653);

    private readonly SetClock _clock = new();
    private CabledKiosk _site = null!;

    private ServerPeer Peer => _site.Server;

    private Server.Kiosk Desk => _site.Kiosk;

    /// <summary>A kiosk that was online with a right clock, and is offline now.</summary>
    public async ValueTask InitializeAsync()
    {
        _site = await CabledKiosk.Start(_clock);
        await _site.Cut();
    }

    private static bool IsDoubted(JsonElement state) => state.GetProperty("clockDoubted").GetBoolean();

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Offline_a_voucher_is_saved_for_the_server_to_judge_and_the_desk_is_told_to_set_the_clock(int direction)
    {
        Assert.False(IsDoubted(await Desk.State()));
        _clock.Ahead = direction * TenYears;
        Assert.True(IsDoubted(await Desk.State()));
        var verdict = await Desk.CheckIn(Peer.County.NewVoucher());
        Assert.Equal("waiting", verdict.Outcome());
        Assert.Contains("校准电脑的日期和时间", verdict.GetProperty("nextStep").GetProperty("zh").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, Desk.Journal.LastSequence);
    }

    [Fact]
    public async Task Set_right_again_the_scan_arrives()
    {
        _clock.Ahead = -TenYears;
        await Desk.CheckIn(Peer.County.NewVoucher());
        _clock.Ahead = TimeSpan.Zero;
        _site.Cable.Heal();
        await Desk.Until(state => state.WaitingCount() == 0 && !IsDoubted(state));
        Assert.True(Assert.Single(Desk.Journal.Latest(2)).Answer!.Accepted);
    }

    [Fact]
    public async Task Reading_says_no_more_against_the_voucher_than_scanning()
    {
        _clock.Ahead = -TenYears;
        var response = await Desk.Http.PostAsJsonAsync("local/read", new { digits = Peer.County.NewVoucher() });
        var read = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(JsonValueKind.Null, read.GetProperty("verdict").ValueKind);
    }

    [Fact]
    public async Task A_forged_voucher_stays_forged_whatever_the_clock_says()
    {
        _clock.Ahead = -TenYears;
        Assert.Equal(108, (await Desk.CheckIn(Peer.County.ForgedVoucher())).Refusal());
        Assert.Equal(0, Desk.Journal.LastSequence);
    }

    [Fact]
    public async Task With_a_believable_clock_a_key_out_of_force_is_refused()
    {
        _site.Cable.Heal();
        Peer.County.KeyValidFrom = new DateOnly(2029, 12, 1);
        Peer.County.KeyListVersion++;
        await Desk.Until(state => state.IsOnline());
        await Peer.Tell(Core.Wire.HubNames.SetupChanged);
        var verdict = 0;
        for (var tries = 0; verdict != 106 && tries < 100; tries++)
            verdict = (await Desk.CheckIn(Peer.County.NewVoucher())).Refusal();
        Assert.Equal(106, verdict);
        Assert.All(Desk.Journal.Latest(1000), entry => Assert.NotNull(entry.Answer));
    }

    [Fact]
    public async Task When_the_server_refuses_the_log_in_for_the_clock_the_desk_is_told_to_set_it_and_not_to_pair_again()
    {
        _clock.Ahead = TimeSpan.FromHours(2);
        _site.Cable.Heal();
        var state = await Desk.Until(state => state.Standing() == "clock");
        var trouble = state.Link().GetProperty("trouble");
        Assert.DoesNotContain("配对", trouble.GetProperty("zh").GetString(), StringComparison.Ordinal);
        var response = await Desk.Http.PostAsJsonAsync("local/pair", new { server = Peer.Address, code = ServerPeer.Code, name = "x" });
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        _clock.Ahead = TimeSpan.Zero;
        await Desk.Until(state => state.Standing() == "active" && state.IsOnline());
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();
}
