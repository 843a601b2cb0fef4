using System.Security.Cryptography;
using System.Text;
using Voucher.Terminal.Home;

namespace Voucher.Terminal.Pairing;

/// <summary>
/// The device's P-256 key: born here, never sent anywhere. On Windows it is kept by the system's key store and cannot be
/// exported; elsewhere it is a file that only the terminal's account may read, under the machine's seal.
/// </summary>
internal sealed class DeviceKey : IDisposable
{
    private readonly ECDsa _key;
    private readonly Lock _oneAtATime = new();

    private DeviceKey(ECDsa key)
    {
        _key = key;
        PublicKey = key.ExportSubjectPublicKeyInfo();
    }

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public byte[] PublicKey { get; }

    /// <summary>First 8 hex digits of SHA-256 over the public key, to be compared by eye.</summary>
    public string Fingerprint => FingerprintOf(PublicKey);

    /// <summary>What people compare of a public key, on the screen and in the portal.</summary>
    public static string FingerprintOf(byte[] publicKey) => Convert.ToHexString(SHA256.HashData(publicKey))[..8];

    /// <summary>Makes the key of a new pairing in its folder.</summary>
    public static DeviceKey Create(string folder, DiskSeal seal) =>
        OperatingSystem.IsWindows() ? new DeviceKey(WindowsKey.Create(folder)) : CreateFile(folder, seal);

    /// <summary>Opens the key of a pairing.</summary>
    /// <exception cref="CryptographicException">The key is damaged, or was sealed on another machine: the terminal has to be paired anew.</exception>
    public static DeviceKey Open(string folder, DiskSeal seal)
    {
        if (OperatingSystem.IsWindows()) return new DeviceKey(WindowsKey.Open(folder));
        var plain = SealedFile.Read(FileIn(folder), seal, Purpose, DerSequence) ?? throw new CryptographicException("The device key cannot be opened here.");
        try
        {
            var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(plain, out _);
            return new DeviceKey(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    public static bool Exists(string folder) => OperatingSystem.IsWindows() ? WindowsKey.Exists(folder) : File.Exists(FileIn(folder));

    /// <summary>For good: whoever has the disk cannot speak as this terminal.</summary>
    public static void Delete(string folder)
    {
        if (OperatingSystem.IsWindows()) WindowsKey.Delete(folder);
        else if (File.Exists(FileIn(folder))) PrivateFile.Wipe(FileIn(folder));
    }

    /// <summary>r‖s over SHA-256 of the text: the form in which a log-in is signed.</summary>
    public byte[] SignText(string text) => SignHash(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>r‖s, 64 bytes, over a SHA-256 hash.</summary>
    public byte[] SignHash(byte[] hash)
    {
        lock (_oneAtATime) return _key.SignHash(hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    public void Dispose() => _key.Dispose();

    public const string FileName = "device.key";
    private const string Purpose = FileName;
    private const byte DerSequence = 0x30;

    private static string FileIn(string folder) => Path.Combine(folder, FileName);

    private static DeviceKey CreateFile(string folder, DiskSeal seal)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var plain = key.ExportPkcs8PrivateKey();
        SealedFile.Write(FileIn(folder), seal, Purpose, plain);
        CryptographicOperations.ZeroMemory(plain);
        return new DeviceKey(key);
    }
}
