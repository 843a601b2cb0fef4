using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using Voucher.Core.Regions;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tokens;

/// <summary>Why a text is not a token, in the order in which it is checked.</summary>
public enum TokenFault
{
    None = 0,
    Empty = 1,
    NotDigits = 2,
    TooShort = 3,
    TooLong = 4,
    WrongCheckDigits = 5,

    /// <summary>The number does not fit 83 bytes.</summary>
    NumberTooLarge = 6,
    UnknownLayout = 7,
    UnknownSuite = 8,
    UnknownKind = 9,
    UnknownRegion = 10,
    WrongByteLength = 11,
}

/// <summary>
/// Reads the digits of a QR. Strict and canonical: exactly one text is accepted for one token. Full-width digits are read
/// as digits (input methods produce them); blanks, signs and everything else are refused. Never throws.
/// </summary>
public static class TokenDecoder
{
    public static TokenFault TryDecode(string? text, [NotNullWhen(true)] out VoucherToken? token)
    {
        token = null;
        if (string.IsNullOrEmpty(text)) return TokenFault.Empty;
        // A text of any length may arrive here: its digits are looked at only as far as a token reaches.
        Span<char> digits = stackalloc char[TokenLayout.TextDigits];
        for (var i = 0; i < text.Length && i < digits.Length; i++)
        {
            digits[i] = FullWidth.ToAscii(text[i]);
            if (!char.IsAsciiDigit(digits[i])) return TokenFault.NotDigits;
        }
        if (text.Length < TokenLayout.TextDigits) return TokenFault.TooShort;
        if (text.Length > TokenLayout.TextDigits) return TokenFault.TooLong;
        if (!HasCanonicalCheck(digits)) return TokenFault.WrongCheckDigits;
        var number = BigInteger.Parse(digits[..TokenLayout.NumberDigits], NumberStyles.None, CultureInfo.InvariantCulture);
        if (number.GetByteCount(isUnsigned: true) > TokenLayout.Length) return TokenFault.NumberTooLarge;

        Span<byte> bytes = stackalloc byte[TokenLayout.Length];
        bytes.Clear();
        var length = number.GetByteCount(isUnsigned: true);
        number.TryWriteBytes(bytes[(TokenLayout.Length - length)..], out _, isUnsigned: true, isBigEndian: true);
        return TryRead(bytes, out token);
    }

    /// <summary>Reads the 83 bytes of a token, as they are stored.</summary>
    public static TokenFault TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out VoucherToken? token)
    {
        token = null;
        if (bytes.Length != TokenLayout.Length) return TokenFault.WrongByteLength;
        if (bytes[TokenLayout.VersionAndSuiteAt] >> 4 != TokenLayout.Version) return TokenFault.UnknownLayout;
        if (!Enum.IsDefined((SignatureSuite)(bytes[TokenLayout.VersionAndSuiteAt] & 0xF))) return TokenFault.UnknownSuite;
        var regionAndKind = VoucherToken.RegionAndKind(bytes);
        if (!Enum.IsDefined((VoucherKind)(regionAndKind & 0xF))) return TokenFault.UnknownKind;
        if (!RegionCode.IsPossible((int)(regionAndKind >> 4))) return TokenFault.UnknownRegion;
        token = new VoucherToken(bytes.ToArray());
        return TokenFault.None;
    }

    /// <summary>The token whose 83 bytes were stored when it was signed.</summary>
    /// <exception cref="InvalidOperationException">They are no token: the store is damaged.</exception>
    public static VoucherToken ReadStored(ReadOnlySpan<byte> bytes)
    {
        var fault = TryRead(bytes, out var token);
        return token ?? throw new InvalidOperationException($"A stored token cannot be read: {fault}.");
    }

    /// <summary>MOD 97-10 check digits run from 02 to 98; 00, 01 and 99 would be second spellings of 97, 98 and 02.</summary>
    private static bool HasCanonicalCheck(ReadOnlySpan<char> digits)
    {
        var (tens, units) = Mod97.CheckDigits(digits[..TokenLayout.NumberDigits]);
        return digits[^2] == tens && digits[^1] == units;
    }

    /// <summary>What the fault means to a person at the desk.</summary>
    public static Words Explain(TokenFault fault) => fault switch
    {
        TokenFault.Empty => new("没有内容", "it is empty"),
        TokenFault.NotDigits => new("内容不是数字，可能是收款码、健康码或网址", "it is not digits; perhaps a payment code, a health code or a web address"),
        TokenFault.TooShort => new("数字不完整", "digits are missing"),
        TokenFault.TooLong => new("数字过多", "there are too many digits"),
        TokenFault.WrongCheckDigits => new("校验位不符，可能有污损", "the check digits are wrong; perhaps it is damaged"),
        TokenFault.UnknownLayout => new("版式不认识", "its layout is not known"),
        _ => new("内容不符合培训券格式", "its content is not that of a voucher"),
    };
}
