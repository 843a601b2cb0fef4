using System.Security.Cryptography;
using System.Text;

namespace Voucher.Server.Register;

/// <summary>
/// Seals personal data at rest (AES-256-GCM) and finds it again by keyed hash (HMAC-SHA256), so that the database alone
/// reveals neither identity numbers nor phones nor bank accounts. Two keys: one to seal, one to look up.
/// </summary>
public sealed class PersonalData(byte[] sealingKey, byte[] lookupKey) : IDisposable
{
    public const int KeyLength = 32;
    private const byte Layout = 1;

    private readonly AesGcm _cipher = new(sealingKey, AesGcm.TagByteSizes.MaxSize);

    /// <summary>Layout byte, 12-byte nonce, ciphertext, 16-byte tag.</summary>
    public byte[] Seal(string plain)
    {
        var text = Encoding.UTF8.GetBytes(plain);
        var tagLength = AesGcm.TagByteSizes.MaxSize;
        var nonceLength = AesGcm.NonceByteSizes.MaxSize;
        var result = new byte[1 + nonceLength + text.Length + tagLength];
        result[0] = Layout;
        var nonce = result.AsSpan(1, nonceLength);
        RandomNumberGenerator.Fill(nonce);
        _cipher.Encrypt(nonce, text, result.AsSpan(1 + nonceLength, text.Length), result.AsSpan(result.Length - tagLength));
        return result;
    }

    public string Open(ReadOnlySpan<byte> secret)
    {
        var tagLength = AesGcm.TagByteSizes.MaxSize;
        var nonceLength = AesGcm.NonceByteSizes.MaxSize;
        if (secret.Length < 1 + nonceLength + tagLength || secret[0] != Layout) throw new CryptographicException("Not a sealed value.");
        var plain = new byte[secret.Length - 1 - nonceLength - tagLength];
        _cipher.Decrypt(secret.Slice(1, nonceLength), secret.Slice(1 + nonceLength, plain.Length), secret[^tagLength..], plain);
        return Encoding.UTF8.GetString(plain);
    }

    /// <summary>32 bytes by which an identity number is found.</summary>
    public byte[] LookupHash(IdNumber number) => HMACSHA256.HashData(lookupKey, Encoding.ASCII.GetBytes(number.Reveal()));

    /// <summary>32 bytes by which equal content is recognised.</summary>
    public byte[] ContentHash(string content) => HMACSHA256.HashData(lookupKey, Encoding.UTF8.GetBytes(content));

    public void Dispose() => _cipher.Dispose();
}
