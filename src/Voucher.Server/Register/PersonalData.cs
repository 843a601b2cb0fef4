using System.Security.Cryptography;
using System.Text;

namespace Voucher.Server.Register;

/// <summary>
/// Seals personal data at rest (AES-256-GCM) and finds it again by keyed hash (HMAC-SHA256), so that the database alone
/// reveals neither identity numbers nor phones nor bank accounts. Two keys: one to seal, one to look up.
/// </summary>
public sealed class PersonalData(byte[] sealingKey, byte[] lookupKey)
{
    public const int KeyLength = 32;
    private const byte Layout = 1;

    public byte[] Seal(string plain) => SealBytes(Encoding.UTF8.GetBytes(plain));

    public string Open(ReadOnlySpan<byte> secret) => Encoding.UTF8.GetString(OpenBytes(secret));

    /// <summary>Layout byte, 12-byte nonce, ciphertext, 16-byte tag.</summary>
    public byte[] SealBytes(ReadOnlySpan<byte> plain)
    {
        var tagLength = AesGcm.TagByteSizes.MaxSize;
        var nonceLength = AesGcm.NonceByteSizes.MaxSize;
        var result = new byte[1 + nonceLength + plain.Length + tagLength];
        result[0] = Layout;
        var nonce = result.AsSpan(1, nonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = NewCipher();
        cipher.Encrypt(nonce, plain, result.AsSpan(1 + nonceLength, plain.Length), result.AsSpan(result.Length - tagLength));
        return result;
    }

    public byte[] OpenBytes(ReadOnlySpan<byte> secret)
    {
        var tagLength = AesGcm.TagByteSizes.MaxSize;
        var nonceLength = AesGcm.NonceByteSizes.MaxSize;
        if (secret.Length < 1 + nonceLength + tagLength || secret[0] != Layout) throw new CryptographicException("Not a sealed value.");
        var plain = new byte[secret.Length - 1 - nonceLength - tagLength];
        using var cipher = NewCipher();
        cipher.Decrypt(secret.Slice(1, nonceLength), secret.Slice(1 + nonceLength, plain.Length), secret[^tagLength..], plain);
        return plain;
    }

    /// <summary>32 bytes by which an identity number is found.</summary>
    public byte[] LookupHash(IdNumber number) => HMACSHA256.HashData(lookupKey, Encoding.ASCII.GetBytes(number.Reveal()));

    /// <summary>32 bytes by which equal content is recognised.</summary>
    public byte[] ContentHash(string content) => ContentHash(Encoding.UTF8.GetBytes(content));

    /// <summary>32 bytes by which equal content is recognised.</summary>
    public byte[] ContentHash(ReadOnlySpan<byte> content) => HMACSHA256.HashData(lookupKey, content);

    /// <summary>A cipher of the base library keeps state between calls, so that two threads must not share one.</summary>
    private AesGcm NewCipher() => new(sealingKey, AesGcm.TagByteSizes.MaxSize);
}
