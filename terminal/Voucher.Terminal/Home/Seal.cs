using System.Security.Cryptography;
using System.Text;

namespace Voucher.Terminal.Home;

/// <summary>
/// Seals what lies on the disk and names people (AES-256-GCM). The key is born here, in a folder of its own, and never leaves
/// the machine: a copy of the other folders reveals nothing, and without the key what was sealed is gone.
/// </summary>
internal sealed class Seal(string homeFolder)
{
    private const int KeyLength = 32;
    private const byte Layout = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int PlainAt = 1 + NonceLength;

    private readonly string _folder = Path.Combine(homeFolder, "seal");
    private readonly Lock _gate = new();
    private byte[]? _key;

    /// <summary>Layout (1), nonce (12), ciphertext, tag (16). What is sealed for one purpose cannot be opened for another.</summary>
    public byte[] Close(string purpose, ReadOnlySpan<byte> plain)
    {
        var result = new byte[PlainAt + plain.Length + TagLength];
        result[0] = Layout;
        RandomNumberGenerator.Fill(result.AsSpan(1, NonceLength));
        using var cipher = new AesGcm(Key(), TagLength);
        cipher.Encrypt(result.AsSpan(1, NonceLength), plain, result.AsSpan(PlainAt, plain.Length), result.AsSpan(result.Length - TagLength), Encoding.UTF8.GetBytes(purpose));
        return result;
    }

    /// <summary>What was sealed; <c>null</c> when it was not sealed here, for this purpose, or was changed since.</summary>
    public byte[]? Open(string purpose, ReadOnlySpan<byte> data)
    {
        if (data.Length < PlainAt + TagLength || data[0] != Layout) return null;
        var plain = new byte[data.Length - PlainAt - TagLength];
        try
        {
            using var cipher = new AesGcm(Key(), TagLength);
            cipher.Decrypt(data.Slice(1, NonceLength), data[PlainAt..^TagLength], data[^TagLength..], plain, Encoding.UTF8.GetBytes(purpose));
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private byte[] Key()
    {
        lock (_gate) return _key ??= ReadOrMake();
    }

    private byte[] ReadOrMake()
    {
        PrivateFile.CreateFolder(_folder);
        var path = Path.Combine(_folder, "seal.key");
        if (File.Exists(path) && File.ReadAllBytes(path) is { Length: KeyLength } kept) return kept;
        var made = RandomNumberGenerator.GetBytes(KeyLength);
        PrivateFile.Write(path, made);
        return made;
    }
}
