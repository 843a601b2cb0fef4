using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Voucher.Terminal.Home;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Lan;

/// <summary>Somebody who has a terminal's authority with its key, and what tablets that trust it think of what he makes.</summary>
internal static class Forger
{
    /// <summary>The authority of a terminal with its key, as the machine itself opens it.</summary>
    public static X509Certificate2 AuthorityOf(string home)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(LanSite.CertificateIn(home));
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(PlainKeyOf(home), out _);
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>PKCS #8.</summary>
    public static byte[] PlainKeyOf(string home)
    {
        var content = File.ReadAllBytes(LanSite.KeyIn(home));
        return DiskSeal.IsSealed(content) ? TestSeal.Of(home).Open("authority.key", content)! : content;
    }

    /// <summary>An authority as older programs made it: for any name, five years from that day.</summary>
    public static X509Certificate2 OlderAuthority(DateTimeOffset made)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Voucher terminal authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(made.AddDays(-2), made.AddDays(5 * 365));
    }

    /// <summary>Lays it on the disk as older programs did, its key in clear.</summary>
    public static void LeaveInClear(string home, X509Certificate2 authority)
    {
        Directory.CreateDirectory(LanSite.LanOf(home));
        using var key = authority.GetECDsaPrivateKey()!;
        File.WriteAllBytes(LanSite.KeyIn(home), key.ExportPkcs8PrivateKey());
        File.WriteAllBytes(LanSite.CertificateIn(home), authority.RawData);
    }

    /// <param name="host">A name or an address; one that begins with <c>CN=</c> stands in the subject alone.</param>
    public static X509Certificate2 Forge(X509Certificate2 authority, string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Forge(authority, host, key);
    }

    /// <returns>The certificate without its key.</returns>
    public static X509Certificate2 Forge(X509Certificate2 authority, string host, ECDsa key)
    {
        var isSubject = host.StartsWith("CN=", StringComparison.Ordinal);
        var request = new CertificateRequest(isSubject ? host : "CN=Voucher terminal", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address)) alternatives.AddIpAddress(address);
        else alternatives.AddDnsName(host);
        if (!isSubject) request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var now = TimeProvider.System.GetUtcNow();
        return request.Create(authority, now.AddDays(-1), now.AddDays(30), RandomNumberGenerator.GetBytes(16));
    }

    /// <summary>Why a tablet that trusts the authority turns a certificate away; nothing when it does not.</summary>
    /// <param name="at">By the tablet's clock; now when left out.</param>
    public static X509ChainStatusFlags WhyNot(byte[] authority, X509Certificate2 leaf, DateTimeOffset? at = null)
    {
        using var trusted = X509CertificateLoader.LoadCertificate(authority);
        using var chain = new X509Chain
        {
            ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { trusted } },
        };
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        if (at is { } then) chain.ChainPolicy.VerificationTime = then.LocalDateTime;
        chain.Build(leaf);
        return chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
    }
}
