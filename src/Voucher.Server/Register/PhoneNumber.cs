namespace Voucher.Server.Register;

/// <summary>A phone as people type it, and how it is shown to those who need not dial it.</summary>
public static class PhoneNumber
{
    /// <summary>
    /// Digits of a mainland mobile (11, from 13 to 19) or of a landline with its area code (0 and 9 to 11 more); blanks, dashes
    /// and the country's +86 are dropped. Empty stays empty; <c>null</c> when it is neither.
    /// </summary>
    public static string? Read(string text)
    {
        var digits = string.Concat(text.Select(FullWidth.ToAscii).Where(c => c is not (' ' or '-' or '(' or ')' or '—' or '－')));
        if (digits.Length == 0) return "";
        if (digits.StartsWith("+86", StringComparison.Ordinal)) digits = digits[3..];
        else if (digits.Length == 13 && digits.StartsWith("86", StringComparison.Ordinal)) digits = digits[2..];
        if (!digits.All(char.IsAsciiDigit)) return null;
        var isMobile = digits is ['1', >= '3', ..] && digits.Length == 11;
        var isLandline = digits is ['0', >= '1', ..] && digits.Length is >= 10 and <= 12;
        return isMobile || isLandline ? digits : null;
    }

    /// <summary>First three and last four: 154****0001.</summary>
    public static string Masked(string digits) =>
        digits.Length < 10 ? "" : string.Concat(digits.AsSpan(0, 3), new string('*', digits.Length - 7), digits.AsSpan(digits.Length - 4));
}
