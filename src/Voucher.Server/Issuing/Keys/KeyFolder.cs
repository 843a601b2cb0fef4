using System.Globalization;
using System.Security.Cryptography;
using Voucher.Server.Register;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Issuing.Keys;

/// <summary>
/// The county's secrets, as files that only the server's user can read: issuing keys, the binding key, the keys that seal
/// personal data, and the root key that signs the key list. The root is needed only to change the list: an operator keeps
/// it on a medium of its own and brings it back for <c>keys rotate</c>.
/// </summary>
public sealed class KeyFolder(string folder)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string Root => Path.Combine(folder, "root.pem");
    private string RootPublic => Path.Combine(folder, "root.public.pem");
    private string Binding => Path.Combine(folder, "binding.key");
    private string Sealing => Path.Combine(folder, "register-sealing.key");
    private string Lookup => Path.Combine(folder, "register-lookup.key");
    private string Sessions => Path.Combine(folder, "sessions.key");
    private string PhoneLink => Path.Combine(folder, "phone-link.key");

    /// <summary>Makes whatever is missing; never replaces what is there.</summary>
    public void CreateMissing()
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, OwnerOnly | UnixFileMode.UserExecute);
        if (!File.Exists(RootPublic)) CreateRoot();
        WriteRandom(Binding, HolderCheck.BindingKeyLength);
        WriteRandom(Sealing, PersonalData.KeyLength);
        WriteRandom(Lookup, PersonalData.KeyLength);
        WriteRandom(Sessions, SealingKey.Length);
        WriteRandom(PhoneLink, PhoneKeys.KeyLength);
    }

    /// <summary>Whether a file that a running server reads is not there; the root's private half may be kept elsewhere.</summary>
    public bool IsIncomplete() => !Array.TrueForAll([RootPublic, Binding, Sealing, Lookup, Sessions, PhoneLink], File.Exists);

    /// <summary>
    /// For each file that all servers of a county must have alike, a mark that tells whether two are the same and nothing
    /// else of them.
    /// </summary>
    public IReadOnlyDictionary<string, byte[]> Marks() => new Dictionary<string, byte[]>
    {
        [Path.GetFileName(RootPublic)] = SHA256.HashData(RootPublicKey()),
        [Path.GetFileName(Binding)] = MarkOf(Binding),
        [Path.GetFileName(Sealing)] = MarkOf(Sealing),
        [Path.GetFileName(Lookup)] = MarkOf(Lookup),
        [Path.GetFileName(Sessions)] = MarkOf(Sessions),
        [Path.GetFileName(PhoneLink)] = MarkOf(PhoneLink),
    };

    private static byte[] MarkOf(string path) => HMACSHA256.HashData(ReadKey(path), "voucher key mark"u8);

    public byte[] BindingKey() => ReadKey(Binding);

    public PersonalData OpenPersonalData() => new(ReadKey(Sealing), ReadKey(Lookup));

    /// <summary>What seals the keys of cookies and tokens.</summary>
    public SealingKey OpenSessionKey() => new(ReadKey(Sessions));

    public PhoneKeys OpenPhoneKeys() => new(ReadKey(PhoneLink));

    /// <summary>The root's private key.</summary>
    public ECDsa OpenRoot() => File.Exists(Root)
        ? ReadPem(Root)
        : throw new InvalidOperationException($"The root key {Root} is not here; bring it back from where it is kept.");

    /// <summary>The root's public half (SubjectPublicKeyInfo), which stays here when the root is away.</summary>
    public byte[] RootPublicKey()
    {
        using var root = ReadPem(RootPublic);
        return root.ExportSubjectPublicKeyInfo();
    }

    /// <summary>Whether the private half of exactly this key is here; another server may have made one of the same number.</summary>
    public bool HoldsIssuing(byte id, ReadOnlySpan<byte> publicKey)
    {
        if (!File.Exists(IssuingPath(id))) return false;
        using var own = OpenIssuing(id);
        return publicKey.SequenceEqual(own.ExportSubjectPublicKeyInfo());
    }

    public ECDsa OpenIssuing(byte id) => ReadPem(IssuingPath(id));

    /// <summary>
    /// The public half (SubjectPublicKeyInfo) of the private key with the given id, which is made if it is not there: one
    /// that was made but never published is taken up again.
    /// </summary>
    public byte[] EnsureIssuing(byte id)
    {
        if (!File.Exists(IssuingPath(id)))
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            WriteNew(IssuingPath(id), made.ExportPkcs8PrivateKeyPem());
        }
        using var key = OpenIssuing(id);
        return key.ExportSubjectPublicKeyInfo();
    }

    private string IssuingPath(byte id) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"issuing-{id}.pem"));

    private void CreateRoot()
    {
        if (!File.Exists(Root))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            WriteNew(Root, key.ExportPkcs8PrivateKeyPem());
        }
        using var root = OpenRoot();
        WriteNew(RootPublic, root.ExportSubjectPublicKeyInfoPem());
    }

    private static ECDsa ReadPem(string path)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(path));
        return key;
    }

    private static byte[] ReadKey(string path) => File.Exists(path)
        ? Convert.FromHexString(File.ReadAllText(path).Trim())
        : throw new InvalidOperationException($"The key {path} is missing; run the command `keys init`.");

    private static void WriteRandom(string path, int length)
    {
        if (!File.Exists(path)) WriteNew(path, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(length)));
    }

    /// <summary>Writes beside and moves into place, so that a crash leaves no half-written key.</summary>
    private static void WriteNew(string path, string content)
    {
        var draft = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using (var writer = new StreamWriter(draft, options)) writer.Write(content);
        File.Move(draft, path, overwrite: false);
    }
}
