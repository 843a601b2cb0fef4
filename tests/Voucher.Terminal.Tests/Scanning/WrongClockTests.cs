using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Terminal.Tests.Server;
using Voucher.Testing;

namespace Voucher.Terminal.Tests.Scanning;

/// <summary>A PC whose clock was reset must not be taken at its word against a voucher.</summary>
public sealed class WrongClockTests : IAsyncLifetime
{
    private static readonly TimeSpan TenYears = TimeSpan.FromDays(3653);

    private readonly ServerPeer _server = new();
    private readonly SetClock _clock = new();
    private Cable _cable = null!;
    private Server.Kiosk _kiosk = null!;

    /// <summary>A kiosk that was online with a right clock, and is offline now.</summary>
    public async ValueTask InitializeAsync()
    {
        await _server.Start();
        _cable = new Cable(_server.Address);
        _kiosk = await Server.Kiosk.StartOnline(_cable.Address, _clock);
        _cable.Cut();
        await _kiosk.Until(state => !state.IsOnline());
    }

    private static bool IsDoubted(JsonElement state) => state.GetProperty("clockDoubted").GetBoolean();

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Offline_a_voucher_is_saved_for_the_server_to_judge_and_the_desk_is_told_to_set_the_clock(int direction)
    {
        Assert.False(IsDoubted(await _kiosk.State()));
        _clock.Ahead = direction * TenYears;
        Assert.True(IsDoubted(await _kiosk.State()));
        var verdict = await _kiosk.CheckIn(_server.County.NewVoucher());
        Assert.Equal("waiting", verdict.Outcome());
        Assert.Contains("校准电脑的日期和时间", verdict.GetProperty("nextStep").GetProperty("zh").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, _kiosk.Journal.LastSequence);
    }

    [Fact]
    public async Task Set_right_again_the_scan_arrives()
    {
        _clock.Ahead = -TenYears;
        await _kiosk.CheckIn(_server.County.NewVoucher());
        _clock.Ahead = TimeSpan.Zero;
        _cable.Heal();
        await _kiosk.Until(state => state.WaitingCount() == 0 && !IsDoubted(state));
        Assert.True(Assert.Single(_kiosk.Journal.Latest(2)).Answer!.Accepted);
    }

    [Fact]
    public async Task Reading_says_no_more_against_the_voucher_than_scanning()
    {
        _clock.Ahead = -TenYears;
        var response = await _kiosk.Http.PostAsJsonAsync("local/read", new { digits = _server.County.NewVoucher() });
        var read = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(JsonValueKind.Null, read.GetProperty("verdict").ValueKind);
    }

    [Fact]
    public async Task A_forged_voucher_stays_forged_whatever_the_clock_says()
    {
        _clock.Ahead = -TenYears;
        Assert.Equal(108, (await _kiosk.CheckIn(_server.County.ForgedVoucher())).Refusal());
        Assert.Equal(0, _kiosk.Journal.LastSequence);
    }

    [Fact]
    public async Task With_a_believable_clock_a_key_out_of_force_is_refused()
    {
        _cable.Heal();
        _server.County.KeyValidFrom = new DateOnly(2029, 12, 1);
        _server.County.KeyListVersion++;
        await _kiosk.Until(state => state.IsOnline());
        await _server.Tell(Core.Wire.HubNames.SetupChanged);
        var verdict = 0;
        for (var tries = 0; verdict != 106 && tries < 100; tries++)
            verdict = (await _kiosk.CheckIn(_server.County.NewVoucher())).Refusal();
        Assert.Equal(106, verdict);
        Assert.All(_kiosk.Journal.Latest(1000), entry => Assert.NotNull(entry.Answer));
    }

    [Fact]
    public async Task When_the_server_refuses_the_log_in_for_the_clock_the_desk_is_told_to_set_it_and_not_to_pair_again()
    {
        _clock.Ahead = TimeSpan.FromHours(2);
        _cable.Heal();
        var state = await _kiosk.Until(state => state.Standing() == "clock");
        var trouble = state.Link().GetProperty("trouble");
        Assert.DoesNotContain("配对", trouble.GetProperty("zh").GetString(), StringComparison.Ordinal);
        var response = await _kiosk.Http.PostAsJsonAsync("local/pair", new { server = _server.Address, code = ServerPeer.Code, name = "x" });
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        _clock.Ahead = TimeSpan.Zero;
        await _kiosk.Until(state => state.Standing() == "active" && state.IsOnline());
    }

    public async ValueTask DisposeAsync()
    {
        await _kiosk.DisposeAsync();
        _cable.Dispose();
        await _server.DisposeAsync();
    }
}
