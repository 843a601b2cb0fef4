using System.Security.Cryptography;
using Voucher.Core.People;
using Voucher.Core.Regions;
using Voucher.Core.Tokens;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Tokens;

/// <summary>A key, its list and a token signed by it, with a value in every field that shows a shifted byte.</summary>
internal static class TokenSample
{
    public static readonly RegionCode Dongxiang = new(622926);
    public static readonly DateOnly Today = new(2026, 11, 22);

    public static readonly TokenClaims Claims = new(
        SignatureSuite.P256,
        KeyId: 7,
        new VoucherId(Dongxiang, 0x01020304),
        VoucherKind.Directed,
        Nonce: 0xA1B2C3D4,
        ValidUntil: new DateOnly(2026, 12, 31),
        new VoucherScope(1234),
        new HolderCheck(0xBEEF));

    private static readonly ECDsa PrivateKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static readonly VoucherToken Token = Sign(Claims, PrivateKey);

    public static IssuingKey Key { get; } = KeyOf(PrivateKey, id: 7);

    public static KeyRing Ring => new(new KeyList(Dongxiang.Value, 1, [Key]));

    public static IssuingKey KeyOf(ECDsa key, byte id) => new(
        id, SignatureSuite.P256, key.ExportSubjectPublicKeyInfo(), new DateOnly(2026, 1, 1), new DateOnly(2027, 12, 31), Revoked: false);

    public static VoucherToken Sign(TokenClaims claims, ECDsa key)
    {
        using var copy = ECDsa.Create(key.ExportParameters(includePrivateParameters: true));
        using var signer = new TokenSigner(claims.KeyId, copy);
        return signer.Sign(claims);
    }

    /// <summary>A token whose bytes were changed; the decoder must still take it.</summary>
    public static VoucherToken Altered(Action<byte[]> change)
    {
        var bytes = Token.Bytes.ToArray();
        change(bytes);
        Assert.Equal(TokenFault.None, TokenDecoder.TryRead(bytes, out var token));
        return token!;
    }

    /// <summary>Random bytes with a head that the decoder takes: everything but layout, suite, kind and region is free.</summary>
    public static byte[] WellFormed(Random random)
    {
        var bytes = new byte[TokenLayout.Length];
        random.NextBytes(bytes);
        var region = random.Next(110_000, 660_000);
        var kind = random.Next(1, 5);
        bytes[0] = (byte)(0x10 | random.Next(1, 3));
        bytes[2] = (byte)(region >> 12);
        bytes[3] = (byte)(region >> 4 & 0xFF);
        bytes[4] = (byte)((region & 0xF) << 4 | kind);
        return bytes;
    }

    public static string ToFullWidth(string digits) => string.Concat(digits.Select(digit => (char)(digit + 0xFEE0)));
}
