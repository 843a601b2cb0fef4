using System.Globalization;
using Voucher.Core.Regions;

namespace Voucher.Core.Vouchers;

/// <summary>
/// A voucher's number: region × 2³² + serial. Orders by county, then by issue; fits a signed 64-bit column.
/// The serial counts the region's vouchers in the order of issue.
/// </summary>
public readonly record struct VoucherId(long Value) : IComparable<VoucherId>
{
    public VoucherId(RegionCode region, uint serial) : this(((long)region.Value << 32) | serial) { }

    public RegionCode Region => new((int)(Value >> 32));

    public uint Serial => unchecked((uint)Value);

    public int CompareTo(VoucherId other) => Value.CompareTo(other.Value);

    /// <summary>As printed: region and ten-digit serial in groups of four, <c>6229 2600 0000 0123</c>.</summary>
    public override string ToString()
    {
        var digits = string.Create(CultureInfo.InvariantCulture, $"{Region}{Serial:D10}");
        return $"{digits[..4]} {digits[4..8]} {digits[8..12]} {digits[12..]}";
    }

    /// <summary>Reads the printed number, with or without blanks.</summary>
    public static bool TryParse(string? text, out VoucherId id)
    {
        id = default;
        var digits = string.Concat((text ?? "").Select(FullWidth.ToAscii).Where(c => c != ' '));
        if (digits.Length != 16 || !digits.AsSpan().ContainsOnlyDigits() || !RegionCode.TryParse(digits[..6], out var region)) return false;
        if (!uint.TryParse(digits.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var serial)) return false;
        id = new VoucherId(region, serial);
        return true;
    }
}
