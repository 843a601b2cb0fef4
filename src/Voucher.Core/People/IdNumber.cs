using System.Globalization;

namespace Voucher.Core.People;

/// <summary>What is wrong with a text that should be an identity number.</summary>
public enum IdNumberFault
{
    None = 0,
    Empty = 1,
    WrongLength = 2,
    NotDigits = 3,
    NoSuchDate = 4,
    WrongCheckCharacter = 5,
}

/// <summary>
/// A citizen identity number, GB 11643-1999: 6 area + 8 birth date + 3 sequence (odd = male) + check character.
/// Residence permits of Hong Kong, Macao and Taiwan residents (area 81, 82, 83) use the same form.
/// Area codes are not checked against a list: abolished ones stay valid.
/// </summary>
/// <remarks>Its text is personal data: it has no <c>ToString</c> that shows it, so it cannot slip into a log.</remarks>
public readonly record struct IdNumber
{
    private static readonly int[] Weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    private const string CheckCharacters = "10X98765432";

    private readonly string? _text;

    private IdNumber(string text) => _text = text;

    /// <summary>The 18 characters, upper case.</summary>
    public string Reveal() => _text ?? throw new InvalidOperationException("An empty IdNumber has no text.");

    public DateOnly BirthDate => DateOnly.ParseExact(Reveal().AsSpan(6, 8), "yyyyMMdd", CultureInfo.InvariantCulture);

    public bool IsMale => (Reveal()[16] - '0') % 2 == 1;

    /// <summary>Age in whole years on the given day.</summary>
    public int AgeOn(DateOnly day)
    {
        var birth = BirthDate;
        var age = day.Year - birth.Year;
        return day < birth.AddYears(age) ? age - 1 : age;
    }

    /// <summary>For screens and lists: the first six and the last character only, <c>622926***********2</c>.</summary>
    public string Masked() => string.Concat(Reveal().AsSpan(0, 6), "***********", Reveal().AsSpan(17, 1));

    public override string ToString() => _text is null ? "" : Masked();

    /// <summary>Reads an identity number as people type it: full-width digits, a small x and surrounding blanks are accepted.</summary>
    public static IdNumberFault TryParse(string? text, out IdNumber number)
    {
        number = default;
        var normalised = Normalise(text);
        if (normalised.Length == 0) return IdNumberFault.Empty;
        if (normalised.Length != 18) return IdNumberFault.WrongLength;
        if (!normalised.AsSpan(0, 17).ContainsOnlyDigits() || !(char.IsAsciiDigit(normalised[17]) || normalised[17] == 'X'))
            return IdNumberFault.NotDigits;
        if (!IsBirthDate(normalised.AsSpan(6, 8))) return IdNumberFault.NoSuchDate;
        if (CheckCharacter(normalised) != normalised[17]) return IdNumberFault.WrongCheckCharacter;
        number = new IdNumber(normalised);
        return IdNumberFault.None;
    }

    public static IdNumber Parse(string text) =>
        TryParse(text, out var number) is var fault and not IdNumberFault.None
            ? throw new FormatException($"Not an identity number: {fault}.")
            : number;

    /// <summary>The check character that belongs to the first 17 digits (ISO 7064 MOD 11-2).</summary>
    public static char CheckCharacter(ReadOnlySpan<char> first17)
    {
        var sum = 0;
        for (var i = 0; i < 17; i++) sum += (first17[i] - '0') * Weights[i];
        return CheckCharacters[sum % 11];
    }

    private static bool IsBirthDate(ReadOnlySpan<char> yyyymmdd) =>
        DateOnly.TryParseExact(yyyymmdd, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && date.Year is >= 1850 and <= 2150;

    private static string Normalise(string? text) =>
        string.Concat((text ?? "").Trim().Select(FullWidth.ToAscii)).ToUpperInvariant();
}
