using System.Globalization;

namespace Voucher.Core.People;

/// <summary>
/// Numbers of the first generation (GB 11643-1989), given out until 1999 and still found in old lists: 15 digits, namely 6 area +
/// 6 birth date (yyMMdd) + 3 sequence, without a check character.
/// </summary>
/// <remarks>
/// GB 11643-1999 made them 18: the century goes before the year and a check character to the end. The century is 19, but for
/// the sequences 996 to 999, which were kept for people born in the century before.
/// </remarks>
public static class OldIdNumber
{
    public const int Length = 15;

    private const int FirstSequenceOfCentenarians = 996;

    /// <summary>
    /// The number of 18 characters that the old one has become. Full-width digits and surrounding blanks are accepted. Says
    /// <see cref="IdNumberFault.WrongLength"/> of what has not 15 characters.
    /// </summary>
    public static IdNumberFault TryConvert(string? text, out IdNumber number)
    {
        number = default;
        var old = string.Concat((text ?? "").Trim().Select(FullWidth.ToAscii));
        if (old.Length == 0) return IdNumberFault.Empty;
        if (old.Length != Length) return IdNumberFault.WrongLength;
        if (!old.All(char.IsAsciiDigit)) return IdNumberFault.NotDigits;
        var sequence = int.Parse(old.AsSpan(12), CultureInfo.InvariantCulture);
        var century = sequence >= FirstSequenceOfCentenarians ? "18" : "19";
        var first17 = string.Concat(old.AsSpan(0, 6), century, old.AsSpan(6));
        return IdNumber.TryParse(first17 + IdNumber.CheckCharacter(first17), out number);
    }

    /// <summary>
    /// Whether the 15 digits are rather a present number that lost its last three: the digits from the seventh on read as a
    /// whole date of the last century or this one. The very old, born in 1919 or 1920, are mistaken for it.
    /// </summary>
    public static bool IsRatherCutOff(string? text)
    {
        var digits = string.Concat((text ?? "").Trim().Select(FullWidth.ToAscii));
        return digits.Length == Length
            && DateOnly.TryParseExact(digits.AsSpan(6, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year is >= 1900 and < 2100;
    }
}
