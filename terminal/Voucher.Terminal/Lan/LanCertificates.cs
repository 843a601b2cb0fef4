using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Voucher.Terminal.Home;

namespace Voucher.Terminal.Lan;

/// <summary>
/// This site's own authority, which tablets are told to trust, and what it signs: a certificate for the machine's present
/// addresses. Only the authority's key is on the disk; the server's is made anew at each start and when addresses change.
/// </summary>
internal sealed class LanCertificates : IDisposable
{
    private const string AuthorityName = "CN=Voucher terminal authority";
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    private readonly X509Certificate2 _authority;
    private readonly TimeProvider _time;

    public LanCertificates(string folder, TimeProvider time)
    {
        _time = time;
        PrivateFile.CreateFolder(folder);
        _authority = Read(folder) is { } kept && new DateTimeOffset(kept.NotAfter) > time.GetUtcNow() + LanLimits.CertificateLife ? kept : Make(folder);
    }

    /// <summary>The authority's certificate without its key, for the tablets.</summary>
    public byte[] Authority => _authority.RawData;

    /// <summary>To be compared by eye with what the tablet shows: SHA-256.</summary>
    public string Fingerprint => Convert.ToHexString(SHA256.HashData(Authority));

    /// <summary>A certificate for these names, with a key of its own.</summary>
    public X509Certificate2 For(IReadOnlyList<IPAddress> addresses, IReadOnlyList<string> names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Voucher terminal", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var address in addresses) alternatives.AddIpAddress(address);
        foreach (var name in names) alternatives.AddDnsName(name);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerAuthentication], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var now = _time.GetUtcNow();
        // A machine's clock may be wrong by years: the certificate keeps within its authority's life.
        var (first, last) = (Earliest(now), Latest(now));
        using var bare = request.Create(_authority, first, last, RandomNumberGenerator.GetBytes(16));
        using var whole = bare.CopyWithPrivateKey(key);
        // Windows serves only keys that have been through a file's form.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), password: null);
    }

    public void Dispose() => _authority.Dispose();

    /// <summary>A tablet's clock may be a little behind.</summary>
    private DateTimeOffset Earliest(DateTimeOffset now) => now.AddDays(-1) is var day && new DateTimeOffset(_authority.NotBefore) is var first && (day < first || day >= new DateTimeOffset(_authority.NotAfter)) ? first : day;

    private DateTimeOffset Latest(DateTimeOffset now)
    {
        var (wanted, last) = (now + LanLimits.CertificateLife, new DateTimeOffset(_authority.NotAfter));
        return wanted > last || wanted <= new DateTimeOffset(_authority.NotBefore) ? last : wanted;
    }

    private static string KeyIn(string folder) => Path.Combine(folder, "authority.key");

    private static string CertificateIn(string folder) => Path.Combine(folder, "authority.crt");

    private static X509Certificate2? Read(string folder)
    {
        if (!File.Exists(KeyIn(folder)) || !File.Exists(CertificateIn(folder))) return null;
        try
        {
            using var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(File.ReadAllBytes(KeyIn(folder)), out _);
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(CertificateIn(folder));
            return certificate.CopyWithPrivateKey(key);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            // Damaged: the tablets have to trust a new one.
            return null;
        }
    }

    private X509Certificate2 Make(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(AuthorityName, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerAuthentication], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = _time.GetUtcNow();
        var made = request.CreateSelfSigned(now.AddDays(-2), now + LanLimits.AuthorityLife);
        PrivateFile.Write(KeyIn(folder), key.ExportPkcs8PrivateKey());
        PrivateFile.Write(CertificateIn(folder), made.RawData);
        return made;
    }
}
