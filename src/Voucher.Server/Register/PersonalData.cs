using System.Security.Cryptography;
using System.Text;
using Voucher.Server.Issuing.Keys;

namespace Voucher.Server.Register;

/// <summary>
/// Seals personal data at rest (AES-256-GCM) and finds it again by keyed hash (HMAC-SHA256), so that the database alone
/// reveals neither identity numbers nor phones nor bank accounts. Two keys: one to seal, one to look up.
/// </summary>
public sealed class PersonalData(byte[] sealingKey, byte[] lookupKey)
{
    public const int KeyLength = SealingKey.Length;

    private readonly SealingKey _sealing = new(sealingKey);

    public byte[] Seal(string plain) => SealBytes(Encoding.UTF8.GetBytes(plain));

    public string Open(ReadOnlySpan<byte> secret) => Encoding.UTF8.GetString(OpenBytes(secret));

    public byte[] SealBytes(ReadOnlySpan<byte> plain) => _sealing.Seal(plain);

    public byte[] OpenBytes(ReadOnlySpan<byte> secret) => _sealing.Open(secret);

    /// <summary>32 bytes by which an identity number is found.</summary>
    public byte[] LookupHash(IdNumber number) => HMACSHA256.HashData(lookupKey, Encoding.ASCII.GetBytes(number.Reveal()));

    /// <summary>32 bytes by which equal content is recognised.</summary>
    public byte[] ContentHash(string content) => ContentHash(Encoding.UTF8.GetBytes(content));

    /// <summary>32 bytes by which equal content is recognised.</summary>
    public byte[] ContentHash(ReadOnlySpan<byte> content) => HMACSHA256.HashData(lookupKey, content);
}
