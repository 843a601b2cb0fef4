using System.Net;
using System.Net.Http.Json;
using Voucher.Core.Wire;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Lan;

/// <summary>A terminal that the county has revoked: its tablets go with it.</summary>
public sealed class RevokedDoorTests
{
    [Fact]
    public async Task A_revoked_terminal_wipes_what_tablets_trust_and_closes_the_door_behind_those_that_are_in()
    {
        await using var server = await new ServerPeer().Start();
        await using var site = await LanSite.Start();
        await site.PairWith(server);
        using var tablet = await site.LetInTablet();
        using var events = await tablet.GetAsync("local/events", HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await events.Content.ReadAsStreamAsync();
        Assert.Equal(HttpStatusCode.OK, (await tablet.GetAsync("local/state")).StatusCode);

        await Revoke(server);
        await Until(async () => !Directory.Exists(site.Lan) && await site.Shown() is null);
        await Assert.ThrowsAnyAsync<IOException>(async () => await stream.CopyToAsync(Stream.Null).WaitAsync(Server.Kiosk.Patience));
        // The line of the tablet may still be open.
        Assert.NotEqual(HttpStatusCode.OK, await Try(tablet, "local/state"));
        Assert.NotEqual(HttpStatusCode.OK, await Try(tablet, "tablet.html"));
        var shown = await site.Tablets();
        Assert.False(shown.GetProperty("on").GetBoolean());
        Assert.Equal(0, shown.GetProperty("tablets").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await site.Pc.PostAsJsonAsync("local/tablets/code", new { })).StatusCode);
        Assert.Contains("停用", (await site.LineEleven()).GetProperty("says").GetProperty("zh").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/local/state", "localhost")]
    [InlineData("/local/tablets", "127.0.0.1")]
    [InlineData("/tablet.html", null)]
    public async Task A_line_that_was_open_when_the_door_was_closed_leads_nowhere_and_does_not_pass_for_the_pc_itself(string path, string? host)
    {
        await using var server = await new ServerPeer().Start();
        await using var site = await LanSite.Start();
        await site.PairWith(server);
        await using var line = await site.Line();
        await Revoke(server);
        await Until(async () => await site.Shown() is null);
        Assert.Contains(" 403 ", await LanSite.FirstLineOn(line, path, host ?? site.Address.Authority), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_door_stays_closed_over_a_restart_and_opens_with_another_authority_when_the_terminal_is_paired_anew()
    {
        await using var server = await new ServerPeer().Start();
        var site = await LanSite.Start();
        var first = site.Authority.Thumbprint;
        await site.PairWith(server);
        await Revoke(server);
        await Until(async () => !Directory.Exists(site.Lan) && (await site.Standing()) == "revoked");
        await site.Stop();

        await using var again = await LanSite.Start(site.Home);
        Assert.Null(await again.Shown());
        Assert.False(Directory.Exists(again.Lan));
        server.Status = TerminalStatus.Active;
        await again.PairWith(server);
        await Until(async () => await again.Shown() is not null);
        using var now = Forger.AuthorityOf(again.Home);
        Assert.NotEqual(first, now.Thumbprint);
    }

    [Fact]
    public async Task What_a_power_cut_left_of_the_wiping_is_wiped_at_the_next_start_even_where_tablets_are_switched_off()
    {
        await using var server = await new ServerPeer().Start();
        var site = await LanSite.Start();
        await site.PairWith(server);
        await Revoke(server);
        await Until(async () => !Directory.Exists(site.Lan) && (await site.Standing()) == "revoked");
        await site.Stop();
        using (var left = Forger.OlderAuthority(TimeProvider.System.GetUtcNow())) Forger.LeaveInClear(site.Home, left);
        File.Delete(Path.Combine(site.Home, "terminal.settings.json"));
        await using var again = await Server.Kiosk.Start(site.Home);
        Assert.False(Directory.Exists(site.Lan));
    }

    private static async Task Revoke(ServerPeer server)
    {
        server.Status = TerminalStatus.Revoked;
        await server.Tell(HubNames.Revoked);
    }

    private static async Task<HttpStatusCode> Try(HttpClient client, string path)
    {
        try
        {
            return (await client.GetAsync(path)).StatusCode;
        }
        catch (HttpRequestException)
        {
            return HttpStatusCode.ServiceUnavailable;
        }
    }

    private static async Task Until(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Server.Kiosk.Patience);
        while (!await isSo()) await Task.Delay(50, patience.Token);
    }
}
