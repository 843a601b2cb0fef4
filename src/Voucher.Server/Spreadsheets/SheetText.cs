using System.Buffers;
using System.Globalization;
using System.Text;

namespace Voucher.Server.Spreadsheets;

/// <summary>
/// Writes text into the XML of a sheet so that Excel shows exactly it: control characters, which XML cannot hold, in the
/// form <c>_x0001_</c> of ECMA-376 (22.9.2.19, ST_Xstring), and text that only looks like that form escaped itself.
/// </summary>
public static class SheetText
{
    /// <summary>Characters (UTF-16) that a cell of Excel can hold.</summary>
    public const int LongestCell = 32_767;

    private const string Escape = "_x";

    /// <summary>As it may stand between tags, quotation marks included.</summary>
    public static string Of(string text)
    {
        if (text.Length > LongestCell) text = text[..(char.IsHighSurrogate(text[LongestCell - 1]) ? LongestCell - 1 : LongestCell)];
        return IsPlain(text) ? text : Escaped(text);
    }

    private static readonly SearchValues<char> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c), '&', '<', '>', '"', '\u007F', '_', '\uFFFE', '\uFFFF',
            .. Enumerable.Range(0xD800, 0x800).Select(c => (char)c)]);

    private static bool IsPlain(string text) => text.AsSpan().IndexOfAny(Special) < 0;

    private static string Escaped(string text)
    {
        var to = new StringBuilder(text.Length + 16);
        var at = 0;
        foreach (var rune in text.EnumerateRunes()) // A broken half of a character comes as U+FFFD.
        {
            Append(to, rune, LooksEscaped(text, at));
            at += rune.Utf16SequenceLength;
        }
        return to.ToString();
    }

    private static void Append(StringBuilder to, Rune rune, bool looksEscaped) => _ = rune.Value switch
    {
        '&' => to.Append("&amp;"),
        '<' => to.Append("&lt;"),
        '>' => to.Append("&gt;"),
        '"' => to.Append("&quot;"),
        '_' when looksEscaped => to.Append("_x005F_"),
        '\t' or '\n' => to.Append((char)rune.Value),
        < 0x20 or 0x7F or 0xFFFE or 0xFFFF => to.Append(CultureInfo.InvariantCulture, $"_x{rune.Value:X4}_"),
        _ => to.Append(rune.ToString()),
    };

    private static bool LooksEscaped(string text, int at) =>
        at + 6 < text.Length && text[at + 6] == '_' && text.AsSpan(at).StartsWith(Escape, StringComparison.OrdinalIgnoreCase)
        && text.AsSpan(at + 2, 4).IndexOfAnyExcept("0123456789abcdefABCDEF") < 0;
}
