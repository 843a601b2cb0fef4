using System.Buffers.Binary;
using Voucher.Core.People;
using Voucher.Core.Regions;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tokens;

/// <summary>What a token says, before it is signed.</summary>
/// <param name="KeyId">The issuing key within the region, 0–255.</param>
/// <param name="Nonce">Random, so that the printed short code cannot be guessed.</param>
/// <param name="ValidUntil">Last valid local day, 2020-01-01 to 2199-06-06.</param>
public sealed record TokenClaims(
    SignatureSuite Suite,
    byte KeyId,
    VoucherId Voucher,
    VoucherKind Kind,
    uint Nonce,
    DateOnly ValidUntil,
    VoucherScope Scope,
    HolderCheck Holder)
{
    /// <summary>Writes the 19 signed bytes. Claims that the decoder would refuse are a fault.</summary>
    public void WriteTo(Span<byte> target)
    {
        var day = ValidUntil.DayNumber - TokenLayout.Epoch.DayNumber;
        if (day is < 0 or > ushort.MaxValue) throw new InvalidOperationException($"Valid-until {ValidUntil:O} does not fit the token.");
        if (!Enum.IsDefined(Kind)) throw new InvalidOperationException($"Kind {Kind} is not known.");
        var regionAndKind = ((uint)Voucher.Region.Value << 4) | (uint)Kind;
        target[TokenLayout.VersionAndSuiteAt] = (byte)((TokenLayout.Version << 4) | (int)Suite);
        target[TokenLayout.KeyIdAt] = KeyId;
        target[TokenLayout.RegionAndKindAt] = (byte)(regionAndKind >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(target[(TokenLayout.RegionAndKindAt + 1)..], (ushort)(regionAndKind & 0xFFFF));
        BinaryPrimitives.WriteUInt32BigEndian(target[TokenLayout.SerialAt..], Voucher.Serial);
        BinaryPrimitives.WriteUInt32BigEndian(target[TokenLayout.NonceAt..], Nonce);
        BinaryPrimitives.WriteUInt16BigEndian(target[TokenLayout.ValidUntilAt..], (ushort)day);
        BinaryPrimitives.WriteUInt16BigEndian(target[TokenLayout.ScopeAt..], Scope.Code);
        BinaryPrimitives.WriteUInt16BigEndian(target[TokenLayout.HolderCheckAt..], Holder.Value);
    }
}
