using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Voucher.Core.People;
using Voucher.Core.Regions;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tokens;

/// <summary>
/// The signed token that a voucher's QR carries: 83 bytes, shown as 202 digits. Only <see cref="TokenDecoder"/> and
/// <see cref="TokenSigner"/> make one; a decoded token is well-formed but not yet verified.
/// </summary>
public sealed class VoucherToken : IEquatable<VoucherToken>
{
    private readonly byte[] _bytes;

    internal VoucherToken(byte[] bytes) => _bytes = bytes;

    /// <summary>All 83 bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The 19 bytes that are signed.</summary>
    public ReadOnlySpan<byte> SignedBytes => _bytes.AsSpan(0, TokenLayout.ClaimsLength);

    /// <summary>r‖s, 64 bytes.</summary>
    public ReadOnlySpan<byte> Signature => _bytes.AsSpan(TokenLayout.SignatureAt);

    public SignatureSuite Suite => (SignatureSuite)(_bytes[TokenLayout.VersionAndSuiteAt] & 0xF);
    public byte KeyId => _bytes[TokenLayout.KeyIdAt];
    public RegionCode Region => new((int)(RegionAndKind(_bytes) >> 4));
    public VoucherKind Kind => (VoucherKind)(RegionAndKind(_bytes) & 0xF);
    public VoucherId Voucher => new(Region, BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(TokenLayout.SerialAt)));
    public uint Nonce => BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(TokenLayout.NonceAt));
    public DateOnly ValidUntil => TokenLayout.Epoch.AddDays(BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(TokenLayout.ValidUntilAt)));
    public VoucherScope Scope => new(BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(TokenLayout.ScopeAt)));
    public HolderCheck Holder => new(BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(TokenLayout.HolderCheckAt)));
    public ShortCode ShortCode => ShortCode.Of(Voucher, Nonce);

    /// <summary>The 202 digits of the QR: one text for one token.</summary>
    public string ToDigits()
    {
        var number = new BigInteger(_bytes, isUnsigned: true, isBigEndian: true)
            .ToString(CultureInfo.InvariantCulture)
            .PadLeft(TokenLayout.NumberDigits, '0');
        var (tens, units) = Mod97.CheckDigits(number);
        return $"{number}{tens}{units}";
    }

    internal static uint RegionAndKind(ReadOnlySpan<byte> bytes) =>
        ((uint)bytes[TokenLayout.RegionAndKindAt] << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[(TokenLayout.RegionAndKindAt + 1)..]);

    public bool Equals(VoucherToken? other) => other is not null && Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => Equals(obj as VoucherToken);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <summary>The voucher's number only: a token is as good as the voucher and must not slip into a log.</summary>
    public override string ToString() => $"token of {Voucher}";
}
