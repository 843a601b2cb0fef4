using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Core.Wire;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Pairing;

/// <summary>Pairing anew while scans of the old pairing wait: said first, and nothing is left behind.</summary>
public sealed class RepairingTests : IAsyncLifetime
{
    private CabledKiosk _site = null!;

    private ServerPeer Peer => _site.Server;

    private Server.Kiosk Desk => _site.Kiosk;

    /// <summary>A kiosk with two waiting scans whom the server, reached again, does not let in.</summary>
    public async ValueTask InitializeAsync()
    {
        _site = await CabledKiosk.Start();
        await _site.Cut();
        for (var i = 0; i < 2; i++) await Desk.CheckIn(Peer.County.NewVoucher());
        Peer.Revoked.Add(5);
        _site.Cable.Heal();
        await Desk.Until(state => state.Standing() == "revoked");
    }

    private Task<HttpResponseMessage> Pair(int? leaveWaiting = null) => Desk.Http.PostAsJsonAsync(
        "local/pair", new { server = _site.Cable.Address, code = ServerPeer.Code, name = "前台1号", leaveWaiting });

    private Task<JsonElement> UntilWorking() => Desk.Until(state => state.Standing() == "active" && state.IsOnline());

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
        await kiosk.Pair(Peer.Address);
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
        Assert.Equal("revoked", (await Desk.State()).Standing());
        Assert.Equal(5, Peer.LastTerminal);
    }

    [Fact]
    public async Task What_waits_goes_on_to_be_sent_with_the_old_key_when_the_server_lets_it_in()
    {
        Assert.Equal(HttpStatusCode.OK, (await Pair(2)).StatusCode);
        Assert.Equal(2, (await UntilWorking()).WaitingCount());
        Peer.Revoked.Clear();
        await Desk.Until(state => state.WaitingCount() == 0);
        Assert.Equal([1L, 2L], Peer.Ledger);
        Assert.Equal("accepted", (await Desk.CheckIn(Peer.County.NewVoucher())).Outcome());
    }

    [Fact]
    public async Task While_the_server_refuses_the_old_key_the_screen_says_what_to_keep()
    {
        await Pair(2);
        await UntilWorking();
        var state = await Desk.Until(state => state.GetProperty("older").GetArrayLength() == 1 && state.GetProperty("older")[0].GetProperty("turnedAway").GetBoolean());
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
        await _site.Restart();
        Assert.Equal(2, (await Desk.State()).WaitingCount());
        var told = await Desk.Told("late", 2, Peer.Revoked.Clear);
        Assert.All(told, late => Assert.Equal("accepted", late.Outcome()));
        Assert.Equal([1L, 2L], Peer.Ledger);
    }

    [Fact]
    public async Task A_late_refusal_of_the_old_pairing_is_told_too()
    {
        await Pair(2);
        await UntilWorking();
        Peer.Fates[1] = Mood.SequenceReused;
        Peer.Revoked.Clear();
        await Desk.Until(state => state.WaitingCount() == 0);
        var late = Assert.Single(await Desk.Told("late", 1));
        Assert.Equal(203, late.Refusal());
        await Desk.Http.PostAsJsonAsync("local/told", new { scanId = late.GetProperty("scanId").GetString() });
        Assert.Equal(HttpStatusCode.NotFound, (await Desk.Http.PostAsJsonAsync("local/told", new { scanId = Guid.NewGuid() })).StatusCode);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();
}
