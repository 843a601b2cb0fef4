using System.Globalization;

namespace Voucher.Core.Regions;

/// <summary>
/// A township, by nine digits (six of GB/T 2260 and three of GB/T 10114), or a village, by twelve (three more): for example
/// 622926100 and 622926100201. Refused are other lengths and province digits that the standard does not have.
/// </summary>
public readonly record struct PlaceCode : IComparable<PlaceCode>
{
    private const long VillagesOfTownship = 1000;
    private const long SmallestVillage = 100_000_000_000;

    public long Value { get; }

    public PlaceCode(long value)
    {
        if (!IsPossible(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "A place code has the nine digits of a township or the twelve of a village.");
        Value = value;
    }

    public bool IsVillage => Value >= SmallestVillage;

    /// <summary>Nine digits: the place itself, or the township in which the village lies.</summary>
    public int Township => (int)(IsVillage ? Value / VillagesOfTownship : Value);

    public RegionCode Region => new(Township / 1000);

    /// <summary>Whether the number has the shape of a township's or a village's code.</summary>
    public static bool IsPossible(long value) => value switch
    {
        >= 100_000_000 and <= 999_999_999 => RegionCode.IsPossible((int)(value / 1000)),
        >= SmallestVillage and <= 999_999_999_999 => RegionCode.IsPossible((int)(value / 1_000_000)),
        _ => false,
    };

    /// <summary>Reads nine or twelve ASCII digits; anything else is not a place.</summary>
    public static bool TryParse(string? text, out PlaceCode place)
    {
        place = default;
        if (text is not { Length: 9 or 12 } || !text.All(char.IsAsciiDigit)) return false;
        var value = long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        if (!IsPossible(value)) return false;
        place = new PlaceCode(value);
        return true;
    }

    public int CompareTo(PlaceCode other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
