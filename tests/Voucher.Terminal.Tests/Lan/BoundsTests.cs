using System.Diagnostics;
using System.Net.NetworkInformation;
using System.Security.Cryptography.X509Certificates;
using Voucher.Testing;

namespace Voucher.Terminal.Tests.Lan;

/// <summary>Whom a site's authority can vouch for, as those see it who trust it: tablets must not lose their bank to a stolen PC.</summary>
public sealed class BoundsTests
{
    private const string NameConstraints = "2.5.29.30";

    public static TheoryData<string> Foreign { get; } =
        ["www.bank.example", "icbc.com.cn", "example", "local", "bank.local", "203.0.113.7", "8.8.8.8", "2001:db8::1", "CN=www.bank.example"];

    [Fact]
    public async Task The_authority_says_within_which_bounds_it_vouches_and_whoever_does_not_understand_that_must_not_trust_it()
    {
        await using var site = await LanSite.Start();
        Assert.True(site.Authority.Extensions.Single(one => one.Oid!.Value == NameConstraints).Critical);
    }

    [Fact]
    public async Task What_the_door_shows_is_trusted_under_all_its_names()
    {
        await using var site = await LanSite.Start();
        using var shown = (await site.Shown())!;
        Assert.Equal(X509ChainStatusFlags.NoError, Forger.WhyNot(site.Authority.RawData, shown));
        Assert.True(shown.MatchesHostname(LanSite.Name));
        foreach (var address in OwnAddresses()) Assert.True(shown.MatchesHostname(address), address);
        Assert.Contains("OK", await OpenSsl(site.Authority, shown), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Foreign))]
    public async Task What_a_stolen_authority_vouches_for_under_another_name_is_refused(string host)
    {
        await using var site = await LanSite.Start();
        using var stolen = Forger.AuthorityOf(site.Home);
        using var forged = Forger.Forge(stolen, host);
        Assert.NotEqual(X509ChainStatusFlags.NoError, Forger.WhyNot(site.Authority.RawData, forged));
        Assert.Contains("permitted subtree violation", await OpenSsl(site.Authority, forged), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Foreign))]
    public void The_same_from_an_authority_without_bounds_is_trusted(string host)
    {
        using var boundless = Forger.OlderAuthority(TimeProvider.System.GetUtcNow());
        using var forged = Forger.Forge(boundless, host);
        Assert.Equal(X509ChainStatusFlags.NoError, Forger.WhyNot(boundless.RawData, forged));
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.254")]
    [InlineData("192.168.1.20")]
    [InlineData("169.254.7.7")]
    [InlineData("fd00::2")]
    [InlineData("fe80::1")]
    public async Task Another_private_address_that_the_machine_may_get_tomorrow_is_within_the_bounds(string address)
    {
        await using var site = await LanSite.Start();
        using var authority = Forger.AuthorityOf(site.Home);
        using var tomorrow = Forger.Forge(authority, address);
        Assert.Equal(X509ChainStatusFlags.NoError, Forger.WhyNot(site.Authority.RawData, tomorrow));
    }

    private static IEnumerable<string> OwnAddresses() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(one => one.OperationalStatus == OperationalStatus.Up && one.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(one => one.GetIPProperties().UnicastAddresses)
        .Select(one => one.Address)
        .Where(address => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork)
        .Select(address => address.ToString());

    /// <summary>What a second verifier says.</summary>
    private static async Task<string> OpenSsl(X509Certificate2 authority, X509Certificate2 leaf)
    {
        var program = Requires.Program("openssl");
        var folder = Directory.CreateTempSubdirectory("voucher-lan-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "authority.pem"), authority.ExportCertificatePem());
            await File.WriteAllTextAsync(Path.Combine(folder, "leaf.pem"), leaf.ExportCertificatePem());
            using var verify = Process.Start(new ProcessStartInfo(program, ["verify", "-no-CApath", "-CAfile", "authority.pem", "-purpose", "sslserver", "leaf.pem"])
            {
                WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            })!;
            var said = await verify.StandardOutput.ReadToEndAsync() + await verify.StandardError.ReadToEndAsync();
            await verify.WaitForExitAsync();
            return said;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
