using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Voucher.Terminal.Home;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Lan;

/// <summary>The key with which the terminal vouches for itself: under the machine's seal, whoever wrote it.</summary>
public sealed class AuthorityTests
{
    [Fact]
    public async Task The_key_lies_under_the_machines_seal_and_nowhere_in_clear()
    {
        await using var site = await LanSite.Start();
        Assert.True(DiskSeal.IsSealed(await File.ReadAllBytesAsync(LanSite.KeyIn(site.Home))));
        using var authority = Forger.AuthorityOf(site.Home);
        var secret = authority.GetECDsaPrivateKey()!.ExportParameters(includePrivateParameters: true).D!;
        await site.Stop(); // Nothing is being written any more.
        foreach (var file in Directory.GetFiles(site.Home, "*", SearchOption.AllDirectories))
        {
            var content = await File.ReadAllBytesAsync(file);
            foreach (var form in new[] { secret, Encoding.ASCII.GetBytes(Convert.ToBase64String(secret)[..^4]), Encoding.ASCII.GetBytes(Convert.ToHexString(secret)) })
                Assert.True(content.AsSpan().IndexOf(form) < 0, $"{Path.GetFileName(file)} holds the key in clear.");
        }
    }

    [Fact]
    public async Task A_key_in_clear_is_sealed_at_the_next_start_and_tablets_go_on_as_they_were()
    {
        var (home, shown) = await SiteWithATablet();
        var plain = Forger.PlainKeyOf(home);
        await File.WriteAllBytesAsync(LanSite.KeyIn(home), plain);
        await AssertGoesOn(home, shown);
        Assert.DoesNotContain(Directory.GetFiles(LanSite.LanOf(home)), file => File.ReadAllBytes(file).AsSpan().IndexOf(plain.AsSpan(36, 32)) >= 0);
        Remove(home);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_power_goes_while_a_key_in_clear_is_sealed_and_the_authority_is_the_same(bool isSealedWritten)
    {
        var (home, shown) = await SiteWithATablet();
        var key = LanSite.KeyIn(home);
        var content = await File.ReadAllBytesAsync(key);
        await File.WriteAllBytesAsync(key + ".plain", Forger.PlainKeyOf(home));
        if (isSealedWritten) await File.WriteAllBytesAsync(key + ".sealed", content);
        File.Delete(key);
        await AssertGoesOn(home, shown);
        Assert.False(File.Exists(key + ".plain"));
        Remove(home);
    }

    [Fact]
    public async Task A_copied_folder_has_no_authority_on_another_machine_and_makes_one_that_no_tablet_trusts_yet()
    {
        var (home, _) = await SiteWithATablet();
        Directory.Delete(Server.Kiosk.SealOf(home), recursive: true);
        using var former = LoadAuthority(home);
        await using var thief = await LanSite.Start(home);
        Assert.NotEqual(former.Thumbprint, thief.Authority.Thumbprint);
        using var tablet = thief.NewTablet(former);
        await Assert.ThrowsAsync<HttpRequestException>(() => tablet.GetAsync("tablet.html"));
    }

    /// <summary>Which ran once and let a tablet in.</summary>
    /// <returns>The home, and the cookie that the tablet shows.</returns>
    private static async Task<(string Home, string Shown)> SiteWithATablet()
    {
        var site = await LanSite.Start();
        using var tablet = site.NewTablet();
        var code = await site.NewCode();
        using var entered = await tablet.PostAsync("lan/enter", new StringContent($$"""{"code":"{{code}}","name":"一号"}""", Encoding.UTF8, "application/json"));
        var shown = entered.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        await site.Stop();
        return (site.Home, shown);
    }

    /// <summary>The next start has the same authority, sealed, and the tablet that trusts it need not be introduced again.</summary>
    private static async Task AssertGoesOn(string home, string shown)
    {
        using var trusted = LoadAuthority(home);
        await using (var site = await LanSite.Start(home))
        {
            using var tablet = site.NewTablet(trusted);
            tablet.DefaultRequestHeaders.Add("Cookie", shown);
            Assert.Equal(HttpStatusCode.OK, (await tablet.GetAsync("local/state")).StatusCode);
            Assert.Equal(trusted.Thumbprint, site.Authority.Thumbprint);
            Assert.True(DiskSeal.IsSealed(await File.ReadAllBytesAsync(LanSite.KeyIn(home))));
            site.IsKept = true;
        }
    }

    private static X509Certificate2 LoadAuthority(string home) =>
        X509CertificateLoader.LoadCertificateFromFile(LanSite.CertificateIn(home));

    private static void Remove(string home)
    {
        Directory.Delete(home, recursive: true);
        Directory.Delete(Server.Kiosk.SealOf(home), recursive: true);
    }
}
