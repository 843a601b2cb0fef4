namespace Voucher.Core.Tokens;

/// <summary>ISO 7064 MOD 97-10: two decimal check digits after a string of digits. Finds every single and nearly every double error.</summary>
public static class Mod97
{
    /// <summary>The two check digits, 02 to 98, as characters.</summary>
    public static (char Tens, char Units) CheckDigits(ReadOnlySpan<char> digits)
    {
        var check = 98 - Remainder(digits) * 100 % 97;
        return ((char)('0' + check / 10), (char)('0' + check % 10));
    }

    /// <summary>Whether digits that end in their check digits are whole.</summary>
    public static bool IsValid(ReadOnlySpan<char> digitsWithCheck) => Remainder(digitsWithCheck) == 1;

    private static int Remainder(ReadOnlySpan<char> digits)
    {
        var remainder = 0;
        foreach (var c in digits) remainder = (remainder * 10 + (c - '0')) % 97;
        return remainder;
    }
}
