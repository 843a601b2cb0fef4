using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Voucher.Terminal.Tests.Server;
using Voucher.Testing;

namespace Voucher.Terminal.Tests.Kiosk;

/// <summary>A refusal that came while nobody looked is told until somebody has seen it.</summary>
public sealed class LateRefusalTests : IAsyncLifetime
{
    private readonly ServerPeer _server = new();
    private readonly string _home = Directory.CreateTempSubdirectory("voucher-terminal-test-").FullName;
    private Cable _cable = null!;
    private JsonElement _saved;

    /// <summary>A kiosk that was paired, went offline, scanned, and ended; no page is open.</summary>
    public async ValueTask InitializeAsync()
    {
        await _server.Start();
        _cable = new Cable(_server.Address);
        await using var kiosk = await Server.Kiosk.Start(_home);
        kiosk.IsKept = true;
        await kiosk.Pair(_cable.Address);
        await kiosk.Until(state => state.IsOnline() && state.Standing() == "active");
        _cable.Cut();
        await kiosk.Until(state => !state.IsOnline());
        _server.Fates[1] = Mood.SequenceReused;
        _saved = await kiosk.CheckIn(_server.County.NewVoucher());
        _cable.Heal();
        await kiosk.Until(state => state.WaitingCount() == 0);
    }

    private async Task<Server.Kiosk> NextMorning()
    {
        var kiosk = await Server.Kiosk.Start(_home);
        kiosk.IsKept = true;
        return kiosk;
    }

    private static Task<HttpResponseMessage> Seen(Server.Kiosk kiosk, string? scanId) => kiosk.Http.PostAsJsonAsync("local/told", new { scanId });

    [Fact]
    public async Task It_is_told_to_every_page_that_opens_until_a_person_has_seen_it()
    {
        await using var kiosk = await NextMorning();
        for (var page = 0; page < 2; page++)
        {
            var late = Assert.Single(await kiosk.Told("late", 1));
            Assert.Equal("refused", late.Outcome());
            Assert.Equal(_saved.GetProperty("scanId").GetString(), late.GetProperty("scanId").GetString());
        }
        Assert.Equal(HttpStatusCode.NoContent, (await Seen(kiosk, _saved.GetProperty("scanId").GetString())).StatusCode);
        Assert.Empty(kiosk.Journal.UnseenRefusals(10));
    }

    [Fact]
    public async Task A_refusal_that_the_screen_has_shown_at_once_is_not_told_again()
    {
        await using var kiosk = await NextMorning();
        await kiosk.Until(state => state.IsOnline());
        _server.Fates[kiosk.Journal.LastSequence + 1] = Mood.SequenceReused;
        Assert.Equal(203, (await kiosk.CheckIn(_server.County.NewVoucher())).Refusal());
        Assert.Equal(1, Assert.Single(kiosk.Journal.UnseenRefusals(10)).Request.Sequence);
    }

    [Fact]
    public async Task Only_a_scan_of_this_journal_can_be_marked()
    {
        await using var kiosk = await NextMorning();
        Assert.Equal(HttpStatusCode.NotFound, (await Seen(kiosk, Guid.NewGuid().ToString())).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Seen(kiosk, "zz")).StatusCode);
        Assert.Single(kiosk.Journal.UnseenRefusals(10));
    }

    public async ValueTask DisposeAsync()
    {
        _cable.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }
}
