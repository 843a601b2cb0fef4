using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Core.Wire;
using Voucher.Terminal.Tests.Server;
using Voucher.Testing;

namespace Voucher.Terminal.Tests.Pairing;

/// <summary>Pairing anew while scans of the old pairing wait: said first, and nothing is left behind.</summary>
public sealed class RepairingTests : IAsyncLifetime
{
    private readonly ServerPeer _server = new();
    private Cable _cable = null!;
    private Server.Kiosk _kiosk = null!;

    /// <summary>A kiosk with two waiting scans whom the server, reached again, does not let in.</summary>
    public async ValueTask InitializeAsync()
    {
        await _server.Start();
        _cable = new Cable(_server.Address);
        _kiosk = await Server.Kiosk.StartOnline(_cable.Address);
        _cable.Cut();
        await _kiosk.Until(state => !state.IsOnline());
        for (var i = 0; i < 2; i++) await _kiosk.CheckIn(_server.County.NewVoucher());
        _server.Revoked.Add(5);
        _cable.Heal();
        await _kiosk.Until(state => state.Standing() == "revoked");
    }

    private Task<HttpResponseMessage> Pair(int? leaveWaiting = null) => _kiosk.Http.PostAsJsonAsync(
        "local/pair", new { server = _cable.Address, code = ServerPeer.Code, name = "前台1号", leaveWaiting });

    private Task<JsonElement> UntilWorking() => _kiosk.Until(state => state.Standing() == "active" && state.IsOnline());

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_damaged_record_of_an_older_pairing_keeps_no_terminal_from_starting(string record)
    {
        var home = Directory.CreateTempSubdirectory("voucher-terminal-test-").FullName;
        var folder = Directory.CreateDirectory(Path.Combine(home, "pairings", "20260101-000000-x")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "pairing.json"), record);
        await using var kiosk = await Server.Kiosk.Start(home);
        Assert.Equal(0, (await kiosk.State()).WaitingCount());
    }

    [Fact]
    public async Task A_terminal_whose_own_record_is_damaged_is_paired_anew()
    {
        var home = Directory.CreateTempSubdirectory("voucher-terminal-test-").FullName;
        await File.WriteAllTextAsync(Path.Combine(home, "pairing.json"), "{");
        await using var kiosk = await Server.Kiosk.Start(home);
        Assert.True((await kiosk.State()).GetProperty("damaged").GetBoolean());
        await kiosk.Pair(_server.Address);
        Assert.False((await kiosk.Until(state => state.Standing() == "active" && state.IsOnline())).GetProperty("damaged").GetBoolean());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public async Task It_is_refused_until_the_person_has_named_how_many_wait(int? said)
    {
        var response = await Pair(said);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Contains("2", problem.GetProperty("reason").GetProperty("zh").GetString(), StringComparison.Ordinal);
        Assert.Equal("revoked", (await _kiosk.State()).Standing());
        Assert.Equal(5, _server.LastTerminal);
    }

    [Fact]
    public async Task What_waits_goes_on_to_be_sent_with_the_old_key_when_the_server_lets_it_in()
    {
        Assert.Equal(HttpStatusCode.OK, (await Pair(2)).StatusCode);
        Assert.Equal(2, (await UntilWorking()).WaitingCount());
        _server.Revoked.Clear();
        await _kiosk.Until(state => state.WaitingCount() == 0);
        Assert.Equal([1L, 2L], _server.Ledger);
        Assert.Equal("accepted", (await _kiosk.CheckIn(_server.County.NewVoucher())).Outcome());
    }

    [Fact]
    public async Task While_the_server_refuses_the_old_key_the_screen_says_what_to_keep()
    {
        await Pair(2);
        await UntilWorking();
        var state = await _kiosk.Until(state => state.GetProperty("older").GetArrayLength() == 1 && state.GetProperty("older")[0].GetProperty("turnedAway").GetBoolean());
        var older = state.GetProperty("older")[0];
        Assert.Equal(2, older.GetProperty("waiting").GetInt32());
        Assert.True(File.Exists(Path.Combine(older.GetProperty("folder").GetString()!, "journal.db")));
        Assert.Equal(2, state.WaitingCount());
    }

    [Fact]
    public async Task A_restart_forgets_neither_the_old_key_nor_its_scans()
    {
        await Pair(2);
        await UntilWorking();
        _kiosk.IsKept = true;
        var home = _kiosk.Home;
        await _kiosk.DisposeAsync();
        _kiosk = await Server.Kiosk.Start(home);
        Assert.Equal(2, (await _kiosk.State()).WaitingCount());
        var told = await _kiosk.Told("late", 2, _server.Revoked.Clear);
        Assert.All(told, late => Assert.Equal("accepted", late.Outcome()));
        Assert.Equal([1L, 2L], _server.Ledger);
    }

    [Fact]
    public async Task A_late_refusal_of_the_old_pairing_is_told_too()
    {
        await Pair(2);
        await UntilWorking();
        _server.Fates[1] = Mood.SequenceReused;
        _server.Revoked.Clear();
        await _kiosk.Until(state => state.WaitingCount() == 0);
        var late = Assert.Single(await _kiosk.Told("late", 1));
        Assert.Equal(203, late.Refusal());
        await _kiosk.Http.PostAsJsonAsync("local/told", new { scanId = late.GetProperty("scanId").GetString() });
        Assert.Equal(HttpStatusCode.NotFound, (await _kiosk.Http.PostAsJsonAsync("local/told", new { scanId = Guid.NewGuid() })).StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        await _kiosk.DisposeAsync();
        _cable.Dispose();
        await _server.DisposeAsync();
    }
}
