using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Voucher.Terminal.Lan;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Lan;

/// <summary>Tablets on the local network: over HTTPS, by name, and only when let in at the PC.</summary>
public sealed class LanTests
{
    private static async Task<HttpStatusCode> Get(HttpClient client, string path) => (await client.GetAsync(path)).StatusCode;

    [Fact]
    public async Task A_tablet_that_was_let_in_works_like_the_page_at_the_pc()
    {
        await using var site = await LanSite.Start();
        using var tablet = await site.LetInTablet();
        Assert.Equal(HttpStatusCode.OK, await Get(tablet, ""));
        Assert.Equal(HttpStatusCode.OK, await Get(tablet, "local/state"));
        Assert.Equal(HttpStatusCode.OK, (await tablet.PostAsJsonAsync("local/read", new { digits = "1" })).StatusCode);
        Assert.Equal("教室平板", (await site.Tablets()).GetProperty("tablets")[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("index.html")]
    [InlineData("local/state")]
    [InlineData("local/events")]
    [InlineData("js/main.js")]
    public async Task Who_is_not_let_in_sees_nothing_but_the_door(string path)
    {
        await using var site = await LanSite.Start();
        using var stranger = site.NewTablet();
        Assert.Equal(HttpStatusCode.Forbidden, await Get(stranger, path));
        Assert.Equal(HttpStatusCode.OK, await Get(stranger, "tablet.html"));
        stranger.DefaultRequestHeaders.Add("Cookie", $"{LanRules.Cookie}=00000000.{new string('0', 64)}");
        Assert.Equal(HttpStatusCode.Forbidden, await Get(stranger, path));
    }

    [Theory]
    [InlineData("diagnostics.html")]
    [InlineData("tablets.html")]
    [InlineData("local/diagnostics")]
    [InlineData("local/tablets")]
    [InlineData("local/tablets/qr.svg")]
    [InlineData("LOCAL/Tablets")]
    public async Task What_is_done_at_the_pc_alone_is_refused_to_a_tablet(string path)
    {
        await using var site = await LanSite.Start();
        using var tablet = await site.LetInTablet();
        Assert.Equal(HttpStatusCode.Forbidden, await Get(tablet, path));
        Assert.Equal(HttpStatusCode.Forbidden, (await tablet.PostAsJsonAsync("local/pair", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await tablet.PostAsJsonAsync("local/tablets/code", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await tablet.PostAsJsonAsync("local/diagnostics/journal-check", new { })).StatusCode);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task A_foreign_name_that_leads_here_is_refused(string host)
    {
        await using var site = await LanSite.Start();
        Assert.Contains(" 421 ", await site.FirstLineFor($"{host}:{site.Port}"), StringComparison.Ordinal);
        Assert.Contains(" 421 ", await site.FirstLineFor(site.Address.Host), StringComparison.Ordinal);
        Assert.Contains(" 200 ", await site.FirstLineFor(site.Address.Authority), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_page_on_the_tablet_is_refused()
    {
        await using var site = await LanSite.Start();
        using var tablet = await site.LetInTablet();
        using var request = new HttpRequestMessage(HttpMethod.Post, "local/read") { Content = JsonContent.Create(new { digits = "1" }) };
        request.Headers.Add("Origin", "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await tablet.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_removed_tablet_is_refused_and_what_it_listens_to_ends()
    {
        await using var site = await LanSite.Start();
        using var tablet = await site.LetInTablet();
        using var events = await tablet.GetAsync("local/events", HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await events.Content.ReadAsStreamAsync();
        var id = (await site.Tablets()).GetProperty("tablets")[0].GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.NoContent, (await site.Pc.PostAsJsonAsync("local/tablets/remove", new { id })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await Get(tablet, "local/state"));
        await Assert.ThrowsAnyAsync<IOException>(async () => await stream.CopyToAsync(Stream.Null).WaitAsync(Server.Kiosk.Patience));
        Assert.Equal(HttpStatusCode.NotFound, (await site.Pc.PostAsJsonAsync("local/tablets/remove", new { id })).StatusCode);
    }

    [Fact]
    public async Task A_tablet_stays_let_in_over_a_restart_and_its_secret_is_not_on_the_disk()
    {
        await using var site = await LanSite.Start();
        using var tablet = site.NewTablet();
        var response = await tablet.PostAsJsonAsync("lan/enter", new { code = await site.NewCode(), name = "一号" });
        var cookie = response.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        var shown = cookie.Split(';')[0];
        await site.Stop();
        var secret = shown.Split('.')[1];
        Assert.All(
            Directory.GetFiles(site.Home, "*", SearchOption.AllDirectories),
            file => Assert.DoesNotContain(secret, File.ReadAllText(file), StringComparison.OrdinalIgnoreCase));
        await using var again = await LanSite.Start(site.Home);
        using var same = again.NewTablet();
        same.DefaultRequestHeaders.Add("Cookie", shown);
        Assert.Equal(HttpStatusCode.OK, await Get(same, "local/state"));
    }

    [Fact]
    public async Task The_authority_stays_the_same_its_key_is_private_and_another_one_is_not_trusted()
    {
        await using var site = await LanSite.Start();
        using var downloaded = X509CertificateLoader.LoadCertificate(await site.NewTablet().GetByteArrayAsync("lan/authority.crt"));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(downloaded.RawData)), (await site.Tablets()).GetProperty("fingerprint").GetString());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(site.Home, "lan", "authority.key")));
        await site.Stop();
        await using var again = await LanSite.Start(site.Home);
        using var trusting = again.NewTablet(downloaded);
        Assert.Equal(HttpStatusCode.OK, await Get(trusting, "tablet.html"));
        await using var other = await LanSite.Start();
        using var stranger = other.NewTablet(downloaded);
        await Assert.ThrowsAsync<HttpRequestException>(() => Get(stranger, "tablet.html"));
    }

    [Fact]
    public async Task The_second_door_is_closed_unless_the_settings_open_it()
    {
        await using var kiosk = await Server.Kiosk.Start();
        Assert.Equal("good", (await kiosk.Diagnostics()).Item(11).GetProperty("health").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await kiosk.Http.PostAsJsonAsync("local/tablets/code", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await kiosk.Http.GetAsync("lan/authority.crt")).StatusCode);
        Assert.False(Directory.Exists(Path.Combine(kiosk.Home, "lan")));
    }

    [Fact]
    public async Task A_port_that_is_taken_keeps_the_tablets_out_and_the_desk_open()
    {
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        var home = Directory.CreateTempSubdirectory("voucher-lan-").FullName;
        await File.WriteAllTextAsync(Path.Combine(home, "terminal.settings.json"), $$"""{"lan": true, "lanPort": {{((IPEndPoint)taken.LocalEndpoint).Port}}}""");
        await using var kiosk = await Server.Kiosk.Start(home);
        Assert.Equal("bad", (await kiosk.Diagnostics()).Item(11).GetProperty("health").GetString());
    }
}
