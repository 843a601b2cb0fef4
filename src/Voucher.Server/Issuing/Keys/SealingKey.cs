using System.Security.Cryptography;

namespace Voucher.Server.Issuing.Keys;

/// <summary>A secret of the county that seals what lies in the database (AES-256-GCM). Safe for many threads.</summary>
public sealed class SealingKey(byte[] key)
{
    public const int Length = 32;
    private const byte Layout = 1;
    private static readonly int NonceLength = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagLength = AesGcm.TagByteSizes.MaxSize;

    /// <summary>Layout byte, 12-byte nonce, ciphertext, 16-byte tag.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plain)
    {
        var result = new byte[1 + NonceLength + plain.Length + TagLength];
        result[0] = Layout;
        var nonce = result.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = NewCipher();
        cipher.Encrypt(nonce, plain, result.AsSpan(1 + NonceLength, plain.Length), result.AsSpan(result.Length - TagLength));
        return result;
    }

    /// <exception cref="CryptographicException">Not sealed by this key, or changed since.</exception>
    public byte[] Open(ReadOnlySpan<byte> secret)
    {
        if (secret.Length < 1 + NonceLength + TagLength || secret[0] != Layout) throw new CryptographicException("Not a sealed value.");
        var plain = new byte[secret.Length - 1 - NonceLength - TagLength];
        using var cipher = NewCipher();
        cipher.Decrypt(secret.Slice(1, NonceLength), secret.Slice(1 + NonceLength, plain.Length), secret[^TagLength..], plain);
        return plain;
    }

    /// <summary>A cipher of the base library keeps state between calls, so that two threads must not share one.</summary>
    private AesGcm NewCipher() => new(key, TagLength);
}
