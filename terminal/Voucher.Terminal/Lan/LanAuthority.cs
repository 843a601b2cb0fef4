using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Voucher.Terminal.Home;

namespace Voucher.Terminal.Lan;

/// <summary>
/// This site's own authority, which tablets are told to trust once: its certificate, and its key under the machine's seal. It
/// vouches only within its bounds. Its life hangs on no clock, since a dead battery must not take it from the tablets.
/// </summary>
internal sealed class LanAuthority : IDisposable
{
    private const string Name = "CN=Voucher terminal authority";
    private const string KeyFile = "authority.key";
    private const string CertificateFile = "authority.crt";
    private const byte DerSequence = 0x30;

    private LanAuthority(X509Certificate2 certificate) => (Certificate, Bounds) = (certificate, LanBounds.In(certificate));

    /// <summary>With its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary><c>null</c> for one that an older program made: it vouches for anybody.</summary>
    public LanBounds? Bounds { get; }

    /// <summary>The authority in a folder; <c>null</c> when there is none, it is damaged, or its key was sealed on another machine.</summary>
    /// <exception cref="IOException">It cannot be read now: it may be there.</exception>
    public static LanAuthority? Read(string folder, DiskSeal seal)
    {
        var (keyPath, certificatePath) = (Path.Combine(folder, KeyFile), Path.Combine(folder, CertificateFile));
        if (!SealedFile.Exists(keyPath) || !File.Exists(certificatePath)) return null;
        if (SealedFile.Read(keyPath, seal, KeyFile, DerSequence) is not { } plain) return null;
        try
        {
            using var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(plain, out _);
            using var certificate = X509CertificateLoader.LoadCertificate(File.ReadAllBytes(certificatePath));
            return new LanAuthority(certificate.CopyWithPrivateKey(key));
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or AsnContentException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Makes one in the place of any other: tablets have to trust it anew.</summary>
    public static LanAuthority Make(string folder, DiskSeal seal, LanBounds bounds)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([LanCertificates.ServerAuthentication], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(bounds.ToExtension());
        var made = request.CreateSelfSigned(LanLimits.AuthorityFrom, LanLimits.AuthorityUntil);
        PrivateFile.CreateFolder(folder);
        var plain = key.ExportPkcs8PrivateKey();
        SealedFile.Write(Path.Combine(folder, KeyFile), seal, KeyFile, plain);
        CryptographicOperations.ZeroMemory(plain);
        PrivateFile.Write(Path.Combine(folder, CertificateFile), made.RawData);
        return new LanAuthority(made);
    }

    public void Dispose() => Certificate.Dispose();
}
