using System.Globalization;
using System.Text;

namespace Voucher.Server.Register.Importing;

/// <summary>Names as people type them: blanks inside a Chinese name are for looks, and dots come in many shapes.</summary>
public static class PersonNames
{
    private const string Dots = "·•‧・．∙";

    public static string Normalise(string name)
    {
        var dotted = string.Concat(name.Select(c => Dots.Contains(c) ? '·' : c));
        return dotted.Any(char.IsAsciiLetter) ? dotted : dotted.Replace(" ", "", StringComparison.Ordinal);
    }

    /// <summary>Letters of any script, rare characters in the private area among them, dots, dashes and blanks.</summary>
    public static bool IsName(string name) => name.EnumerateRunes().All(rune =>
        Rune.IsLetter(rune) || rune.Value is '·' or ' ' or '-' or '.' or '\''
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.PrivateUse or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
        && name.EnumerateRunes().Any(rune => Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.PrivateUse);
}
