namespace Voucher.Core;

/// <summary>Full-width forms (U+FF01–U+FF5E), which Chinese input methods produce, and their ASCII twins.</summary>
public static class FullWidth
{
    public static char ToAscii(char c) => c switch
    {
        >= '\uFF01' and <= '\uFF5E' => (char)(c - 0xFEE0),
        '\u3000' => ' ',
        _ => c,
    };

    internal static bool ContainsOnlyDigits(this ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (!char.IsAsciiDigit(c)) return false;
        return true;
    }
}
