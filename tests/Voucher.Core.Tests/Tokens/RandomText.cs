using Voucher.Core.Tokens;

namespace Voucher.Core.Tests.Tokens;

/// <summary>Texts such as a camera, a scanner, a typist or an attacker may send: from pure noise to whole tokens.</summary>
internal static class RandomText
{
    public static string Next(Random random) => random.Next(10) switch
    {
        0 => Of(random, random.Next(0, 300), () => (char)random.Next(0x20, 0x7F)),
        1 => Of(random, random.Next(0, 300), () => (char)random.Next(0x4E00, 0xA000)),
        2 => Of(random, random.Next(0, 300), () => (char)random.Next(0xFF01, 0xFF5F)),
        3 => Of(random, random.Next(0, 300), () => (char)random.Next(0xD800, 0xE000)),
        4 => Of(random, random.Next(0, 300), () => (char)random.Next(0, 0x10000)),
        5 => Of(random, random.Next(0, 300), () => (char)random.Next('0', '9' + 1)),
        6 => Of(random, TokenLayout.TextDigits, () => (char)random.Next('0', '9' + 1)),
        7 => Digits(random),
        8 => TokenSample.ToFullWidth(Digits(random)),
        _ => Damaged(random, Digits(random)),
    };

    private static string Of(Random random, int length, Func<char> character) =>
        random.Next(100) == 0 ? "" : string.Create(length, character, (span, next) => { for (var i = 0; i < span.Length; i++) span[i] = next(); });

    private static string Digits(Random random)
    {
        TokenDecoder.TryRead(TokenSample.WellFormed(random), out var token);
        return token!.ToDigits();
    }

    private static string Damaged(Random random, string digits)
    {
        var at = random.Next(digits.Length);
        return random.Next(4) switch
        {
            0 => digits[..at],
            1 => digits[..at] + digits[(at + 1)..],
            2 => digits[..at] + (char)random.Next(0, 0x10000) + digits[(at + 1)..],
            _ => digits[..at] + (char)random.Next('0', '9' + 1) + digits[at..],
        };
    }
}
