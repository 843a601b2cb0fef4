using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Voucher.Testing;

namespace Voucher.Terminal.Tests.Lan;

/// <summary>A real browser that was told to trust a site's authority, as a tablet's is.</summary>
public sealed class BrowserTrustTests : IDisposable
{
    private const string Bank = "www.bank.example";
    private const string BanksPage = "The bank";

    private readonly string _folder = Directory.CreateTempSubdirectory("voucher-lan-").FullName;

    [Fact]
    public async Task A_browser_that_trusts_the_authority_opens_the_door_by_address_and_by_name_and_another_does_not()
    {
        await using var site = await LanSite.Start();
        var addresses = (await site.Tablets()).GetProperty("addresses").EnumerateArray().Select(one => new Uri(one.GetString()!)).ToList();
        Assert.Contains(addresses, one => one.HostNameType == UriHostNameType.Dns);
        foreach (var address in addresses) Assert.Contains("接入码", await Open(address, site.Authority), StringComparison.Ordinal);
        Assert.DoesNotContain("接入码", await Open(new Uri(site.Address, "tablet.html"), trusted: null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_that_trusts_the_authority_does_not_take_its_word_for_a_bank()
    {
        await using var site = await LanSite.Start();
        using var stolen = Forger.AuthorityOf(site.Home);
        Assert.DoesNotContain(BanksPage, await OpenBankOf(stolen), StringComparison.Ordinal);
        using var boundless = Forger.OlderAuthority(TimeProvider.System.GetUtcNow());
        Assert.Contains(BanksPage, await OpenBankOf(boundless), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>What a browser shows that trusts an authority and is led to a bank for which that one vouches.</summary>
    private async Task<string> OpenBankOf(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var forged = Forger.Forge(authority, Bank, key);
        using var whole = forged.CopyWithPrivateKey(key);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, line => line.UseHttps(whole)));
        await using var bank = builder.Build();
        bank.MapGet("/", () => Results.Text($"<!doctype html><title>{BanksPage}</title>{BanksPage}", "text/html"));
        await bank.StartAsync();
        return await Open(new Uri($"https://{Bank}:{new Uri(bank.Urls.Single()).Port}/"), authority);
    }

    /// <summary>The page as the browser has it, all names leading to this machine.</summary>
    private async Task<string> Open(Uri address, X509Certificate2? trusted)
    {
        var (chromium, certutil) = (Requires.Chromium(), Requires.Program("certutil"));
        var home = Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N"))).FullName;
        var shelf = $"sql:{Directory.CreateDirectory(Path.Combine(home, ".pki", "nssdb")).FullName}";
        await Run(certutil, home, "-d", shelf, "-N", "--empty-password");
        if (trusted is not null)
        {
            var file = Path.Combine(home, "authority.crt");
            await File.WriteAllBytesAsync(file, trusted.RawData);
            await Run(certutil, home, "-d", shelf, "-A", "-n", "terminal", "-t", "C,,", "-i", file);
        }
        return await Run(
            chromium, home, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", $"--user-data-dir={home}/profile",
            "--host-resolver-rules=MAP * 127.0.0.1", "--timeout=15000", "--dump-dom", address.AbsoluteUri);
    }

    private static async Task<string> Run(string program, string home, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            Environment = { ["HOME"] = home }, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{Path.GetFileName(program)}: {await errors}");
        return said;
    }
}
