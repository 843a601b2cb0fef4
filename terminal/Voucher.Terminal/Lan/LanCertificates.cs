using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Voucher.Terminal.Lan;

/// <summary>What the authority signs: a certificate for the machine's present addresses, whose key this program never writes to the disk.</summary>
internal sealed class LanCertificates(LanAuthority authority, TimeProvider time) : IDisposable
{
    public static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    private readonly DateTimeOffset _from = new(authority.Certificate.NotBefore);
    private readonly DateTimeOffset _until = new(authority.Certificate.NotAfter);

    /// <summary>The authority's certificate without its key, for the tablets.</summary>
    public byte[] Authority { get; } = authority.Certificate.RawData;

    /// <summary>To be compared by eye with what the tablet shows: SHA-256.</summary>
    public string Fingerprint { get; } = authority.Certificate.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>Whether the authority vouches for this machine alone, and not for anybody.</summary>
    public bool IsBound { get; } = authority.Bounds is not null;

    public bool VouchesFor(IPAddress address) => authority.Bounds?.Has(address) ?? true;

    public bool VouchesFor(string name) => authority.Bounds?.Has(name) ?? true;

    /// <summary>A certificate for these, with a key of its own. One name out of bounds would spoil it for all.</summary>
    public X509Certificate2 For(IEnumerable<IPAddress> addresses, IEnumerable<string> names)
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
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority.Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var (from, until) = LifeNow();
        using var bare = request.Create(authority.Certificate, from, until, RandomNumberGenerator.GetBytes(16));
        using var whole = bare.CopyWithPrivateKey(key);
        // Windows serves only keys that have been through a file's form.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), password: null);
    }

    /// <summary>Whether another certificate would be better than this one: it ends soon, or the clock was set since it was made.</summary>
    public bool IsWorn(X509Certificate2 held)
    {
        var (now, (from, until)) = (time.GetUtcNow(), LifeNow());
        var (heldFrom, heldUntil) = (new DateTimeOffset(held.NotBefore), new DateTimeOffset(held.NotAfter));
        return (until - heldUntil).Duration() > LanLimits.CertificateLife - LanLimits.RenewBefore || heldFrom > now && heldFrom > from;
    }

    public void Dispose() => authority.Dispose();

    /// <summary>
    /// From yesterday, since a tablet's clock may be a little behind, and never beyond the authority's life. A clock that is outside
    /// of it is wrong and says nothing about the tablets': then as long as the authority, until somebody sets the clock.
    /// </summary>
    private (DateTimeOffset From, DateTimeOffset Until) LifeNow()
    {
        var now = time.GetUtcNow();
        if (now < _from || now > _until) return (_from, _until);
        var (yesterday, wanted) = (now.AddDays(-1), now + LanLimits.CertificateLife);
        return (yesterday < _from ? _from : yesterday, wanted > _until ? _until : wanted);
    }
}
