namespace Voucher.Core.Settling;

/// <summary>The number of a bank account: 8–32 digits. Cards (16–19 digits, GB/T 19584) end in a Luhn check digit; accounts of firms have none.</summary>
public readonly record struct PaymentAccountNumber
{
    public const int Shortest = 8;
    public const int Longest = 32;
    private const int ShortestCard = 16, LongestCard = 19;

    private readonly string _digits;

    private PaymentAccountNumber(string digits) => _digits = digits;

    /// <summary>Reads the number as people type it, in groups; refuses anything but digits, blanks and hyphens.</summary>
    public static bool TryParse(string? text, out PaymentAccountNumber number)
    {
        var digits = string.Concat((text ?? "").Select(FullWidth.ToAscii).Where(c => c is not (' ' or '-')));
        number = new(digits);
        return digits.Length is >= Shortest and <= Longest && digits.All(char.IsAsciiDigit);
    }

    /// <summary>Whole: for the bank's file and for the seal alone.</summary>
    public string Reveal() => _digits;

    /// <summary>Only the last four digits.</summary>
    public string Masked => $"****{_digits[^4..]}";

    /// <summary>As long as a bank card and its check digit is wrong: worth a second look, no more, since accounts of firms may be as long.</summary>
    public bool IsDoubtfulCard => _digits.Length is >= ShortestCard and <= LongestCard && !HoldsLuhn(_digits);

    /// <summary>Shows no number, so that it cannot slip into a log.</summary>
    public override string ToString() => Masked;

    private static bool HoldsLuhn(string digits)
    {
        var sum = 0;
        for (var fromEnd = 0; fromEnd < digits.Length; fromEnd++)
        {
            var digit = digits[digits.Length - 1 - fromEnd] - '0';
            sum += fromEnd % 2 == 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0);
        }
        return sum % 10 == 0;
    }
}
