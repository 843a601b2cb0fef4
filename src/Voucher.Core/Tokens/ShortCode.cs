using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tokens;

/// <summary>
/// The 12 digits printed under the QR, typed when it cannot be read: 11 digits drawn from the voucher's number and nonce,
/// then one check digit (ISO 7064 MOD 11,10), which finds every single wrong digit and nearly every swap. Online only.
/// </summary>
public readonly record struct ShortCode
{
    public const int Length = 12;
    private const long Space = 100_000_000_000;

    /// <summary>All twelve digits as a number.</summary>
    public long Value { get; }

    private ShortCode(long value) => Value = value;

    public static ShortCode Of(VoucherId voucher, uint nonce)
    {
        Span<byte> input = stackalloc byte[12];
        BinaryPrimitives.WriteInt64BigEndian(input, voucher.Value);
        BinaryPrimitives.WriteUInt32BigEndian(input[8..], nonce);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        var body = (long)(BinaryPrimitives.ReadUInt64BigEndian(hash) % Space);
        return new ShortCode(body * 10 + CheckDigit(body));
    }

    /// <summary>Reads twelve digits, full-width or not, with blanks or hyphens between groups; the check digit must fit.</summary>
    public static bool TryParse(string? text, out ShortCode code)
    {
        code = default;
        var digits = string.Concat((text ?? "").Select(FullWidth.ToAscii).Where(c => c is not (' ' or '-')));
        if (digits.Length != Length || !digits.All(char.IsAsciiDigit)) return false;
        return TryCreate(long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture), out code);
    }

    /// <summary>Takes a stored number back in; the check digit must fit.</summary>
    public static bool TryCreate(long value, out ShortCode code)
    {
        code = default;
        if (value is < 0 or >= Space * 10 || CheckDigit(value / 10) != value % 10) return false;
        code = new ShortCode(value);
        return true;
    }

    private static int CheckDigit(long body)
    {
        var remainder = 10;
        for (var divisor = Space / 10; divisor > 0; divisor /= 10)
        {
            var sum = (int)(body / divisor % 10 + remainder) % 10;
            remainder = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        return (11 - remainder) % 10;
    }

    /// <summary>As printed: <c>1234 5678 9012</c>.</summary>
    public override string ToString()
    {
        var digits = Value.ToString("D12", CultureInfo.InvariantCulture);
        return $"{digits[..4]} {digits[4..8]} {digits[8..]}";
    }
}
