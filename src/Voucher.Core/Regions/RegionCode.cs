using System.Globalization;

namespace Voucher.Core.Regions;

/// <summary>
/// A county-level administrative division: six digits of GB/T 2260, for example 622926 (东乡族自治县).
/// Range 110000–659999 and 710000–829999: the province digits that the standard uses. Fits 20 bits.
/// </summary>
public readonly record struct RegionCode : IComparable<RegionCode>
{
    public const int Smallest = 110_000;
    public const int Largest = 829_999;

    public int Value { get; }

    public RegionCode(int value)
    {
        if (!IsPossible(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "A region code has six digits, 110000 to 659999 or 710000 to 829999.");
        Value = value;
    }

    /// <summary>Whether the number lies where the standard has provinces.</summary>
    public static bool IsPossible(int value) => value is (>= Smallest and <= 659_999) or (>= 710_000 and <= Largest);

    /// <summary>Reads six ASCII digits; anything else is not a region code.</summary>
    public static bool TryParse(string? text, out RegionCode region)
    {
        region = default;
        if (text is not { Length: 6 } || !text.All(char.IsAsciiDigit)) return false;
        var value = int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        if (!IsPossible(value)) return false;
        region = new RegionCode(value);
        return true;
    }

    public int CompareTo(RegionCode other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString("D6", CultureInfo.InvariantCulture);
}
