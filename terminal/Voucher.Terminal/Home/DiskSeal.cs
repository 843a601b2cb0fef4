using System.Security.Cryptography;
using System.Text;

namespace Voucher.Terminal.Home;

/// <summary>
/// Seals what the terminal keeps on its disk, under a secret that does not lie beside it: a copied folder, a stolen disk or a
/// backup says nothing (docs/decisions/0014-device-life.md). AES-256-GCM; what a file is for is sealed in with it, so that no
/// file can stand in for another.
/// </summary>
/// <remarks>Layout: 4 bytes mark of the format, 8 of the key, 12 nonce, the ciphertext, 16 tag.</remarks>
internal sealed class DiskSeal
{
    /// <summary>A secret is at least so many bytes.</summary>
    public const int ShortestSecret = 16;

    private const int KeyLength = 32;
    private const int MarkLength = 8;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private static readonly byte[] Format = "VTS1"u8.ToArray();
    private static readonly int HeaderLength = Format.Length + MarkLength;

    private readonly List<SealKey> _keys;

    private sealed record SealKey(byte[] Key, byte[] Mark);

    /// <param name="secret">Seals and opens.</param>
    /// <param name="formerSecrets">Open only, what was sealed before a better place for the secret was there.</param>
    public DiskSeal(byte[] secret, params IEnumerable<byte[]> formerSecrets) => _keys = [KeyOf(secret), .. formerSecrets.Select(KeyOf)];

    public static bool IsSealed(ReadOnlySpan<byte> content) => content.StartsWith(Format);

    public byte[] Seal(string purpose, ReadOnlySpan<byte> plain)
    {
        var (key, mark) = (_keys[0].Key, _keys[0].Mark);
        var content = new byte[HeaderLength + NonceLength + plain.Length + TagLength];
        Format.CopyTo(content, 0);
        mark.CopyTo(content, Format.Length);
        var nonce = content.AsSpan(HeaderLength, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key, TagLength);
        cipher.Encrypt(nonce, plain, content.AsSpan(HeaderLength + NonceLength, plain.Length), content.AsSpan()[^TagLength..], AboutOf(purpose, mark));
        return content;
    }

    /// <summary>What was sealed; <c>null</c> when it was sealed elsewhere, for something else, or has been changed.</summary>
    public byte[]? Open(string purpose, ReadOnlySpan<byte> content) => Open(purpose, content, out _);

    /// <param name="isFormer">It was sealed under a former secret, and is to be sealed anew.</param>
    public byte[]? Open(string purpose, ReadOnlySpan<byte> content, out bool isFormer)
    {
        isFormer = false;
        if (!IsSealed(content) || content.Length < HeaderLength + NonceLength + TagLength) return null;
        var mark = content[Format.Length..HeaderLength].ToArray();
        if (_keys.Find(key => key.Mark.AsSpan().SequenceEqual(mark)) is not { } found) return null;
        isFormer = found != _keys[0];
        var plain = new byte[content.Length - HeaderLength - NonceLength - TagLength];
        using var cipher = new AesGcm(found.Key, TagLength);
        try
        {
            cipher.Decrypt(content.Slice(HeaderLength, NonceLength), content[(HeaderLength + NonceLength)..^TagLength], content[^TagLength..], plain, AboutOf(purpose, mark));
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] AboutOf(string purpose, byte[] mark) => [.. Format, .. mark, .. Encoding.UTF8.GetBytes(purpose)];

    private static SealKey KeyOf(byte[] secret)
    {
        if (secret.Length < ShortestSecret) throw new InvalidOperationException($"The sealing secret has {secret.Length} bytes; at least {ShortestSecret} are needed.");
        byte[] Derive(string info, int length) => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, length, info: Encoding.ASCII.GetBytes(info));
        return new SealKey(Derive("voucher-terminal-seal", KeyLength), Derive("voucher-terminal-seal-mark", MarkLength));
    }
}
