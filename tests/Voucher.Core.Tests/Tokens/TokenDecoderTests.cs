using System.Globalization;
using System.Numerics;
using System.Text;
using Voucher.Core.Tokens;

namespace Voucher.Core.Tests.Tokens;

public sealed class TokenDecoderTests
{
    private static readonly string Digits = TokenSample.Token.ToDigits();

    [Fact]
    public void Full_width_digits_are_read_as_digits()
    {
        Assert.Equal(TokenFault.None, TokenDecoder.TryDecode(TokenSample.ToFullWidth(Digits), out var all));
        Assert.Equal(TokenFault.None, TokenDecoder.TryDecode(Digits[..100] + TokenSample.ToFullWidth(Digits[100..]), out var half));
        Assert.Equal(TokenSample.Token, all);
        Assert.Equal(TokenSample.Token, half);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Nothing_is_empty(string? text) => Refused(TokenFault.Empty, text);

    [Theory]
    [InlineData("https://example.org/v?id=1")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1 2")]
    [InlineData("\u3000")]
    [InlineData("１２Ａ")]
    [InlineData("٣")]
    [InlineData("²")]
    [InlineData("一")]
    [InlineData("\uD83D")]
    [InlineData("\uDE00\uD83D")]
    [InlineData("1\0")]
    public void What_is_not_digits_is_said_to_be_so(string text) => Refused(TokenFault.NotDigits, text);

    [Fact]
    public void Blanks_and_line_ends_around_the_digits_are_refused()
    {
        Refused(TokenFault.NotDigits, " " + Digits);
        Refused(TokenFault.TooLong, Digits + "\r\n");
        Refused(TokenFault.TooLong, Digits + "\0");
        Refused(TokenFault.NotDigits, "\uFEFF" + Digits);
    }

    [Fact]
    public void Every_shorter_text_is_too_short()
    {
        for (var length = 1; length < Digits.Length; length++)
        {
            Refused(TokenFault.TooShort, Digits[..length]);
            Refused(TokenFault.TooShort, Digits[^length..]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(202)]
    [InlineData(5_000_000)]
    public void Every_longer_text_is_too_long(int more)
    {
        Refused(TokenFault.TooLong, Digits + new string('0', more));
        Refused(TokenFault.TooLong, new string('0', more) + Digits);
    }

    [Fact]
    public void Every_wrong_digit_at_every_place_is_found_by_the_check_digits()
    {
        for (var place = 0; place < Digits.Length; place++)
            for (var digit = '0'; digit <= '9'; digit++)
                if (digit != Digits[place])
                    Refused(TokenFault.WrongCheckDigits, Digits[..place] + digit + Digits[(place + 1)..]);
    }

    [Fact]
    public void Every_swap_of_neighbours_is_found_by_the_check_digits()
    {
        var swaps = 0;
        for (var place = 0; place + 1 < Digits.Length; place++)
        {
            if (Digits[place] == Digits[place + 1]) continue;
            Refused(TokenFault.WrongCheckDigits, Digits[..place] + Digits[place + 1] + Digits[place] + Digits[(place + 2)..]);
            swaps++;
        }
        Assert.InRange(swaps, 100, 201);
    }

    [Fact]
    public void Every_character_but_the_right_digit_is_refused_at_every_place()
    {
        char[] strange = [' ', 'a', 'O', 'l', '.', '+', '-', '\0', '／', '：', '〇', '三', '٣', '\uD800', '\uDFFF'];
        for (var place = 0; place < Digits.Length; place++)
            foreach (var character in strange)
                Refused(TokenFault.NotDigits, Digits[..place] + character + Digits[(place + 1)..]);
    }

    [Fact]
    public void Second_spellings_of_the_check_digits_are_refused()
    {
        var (found, random) = (0, new Random(98));
        while (found < 20)
        {
            TokenDecoder.TryRead(TokenSample.WellFormed(random), out var token);
            var digits = token!.ToDigits();
            var check = int.Parse(digits[200..], CultureInfo.InvariantCulture);
            foreach (var second in new[] { check - 97, check + 97 }.Where(c => c is >= 0 and <= 99))
            {
                var text = digits[..200] + second.ToString("D2", CultureInfo.InvariantCulture);
                Assert.True(Mod97.IsValid(text));
                Refused(TokenFault.WrongCheckDigits, text);
                found++;
            }
        }
    }

    [Fact]
    public void Numbers_from_256_to_the_83rd_on_are_too_large()
    {
        var limit = BigInteger.Pow(256, 83);
        BigInteger[] tooLarge = [limit, limit + 1, limit * 13 / 10, BigInteger.Pow(10, 200) - 1];
        foreach (var number in tooLarge) Refused(TokenFault.NumberTooLarge, WithCheck(number));
        Refused(TokenFault.UnknownLayout, WithCheck(limit - 1));
        Refused(TokenFault.UnknownLayout, WithCheck(BigInteger.Zero));
        Refused(TokenFault.UnknownLayout, WithCheck(BigInteger.One));
    }

    [Fact]
    public void Head_bytes_that_mean_nothing_have_their_own_faults()
    {
        for (var value = 0; value < 256; value++)
        {
            var expected = value >> 4 != 1 ? TokenFault.UnknownLayout : (value & 15) is 1 or 2 ? TokenFault.None : TokenFault.UnknownSuite;
            Assert.Equal(expected, FaultOf(bytes => bytes[0] = (byte)value));
        }
        for (var kind = 0; kind < 16; kind++)
            Assert.Equal(kind is >= 1 and <= 4 ? TokenFault.None : TokenFault.UnknownKind, FaultOf(bytes => bytes[4] = (byte)(0xE0 | kind)));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(109_999, false)]
    [InlineData(110_000, true)]
    [InlineData(659_999, true)]
    [InlineData(660_000, false)]
    [InlineData(709_999, false)]
    [InlineData(710_000, true)]
    [InlineData(829_999, true)]
    [InlineData(830_000, false)]
    [InlineData(0xFFFFF, false)]
    public void A_region_outside_the_standard_is_unknown(int region, bool known)
    {
        var fault = FaultOf(bytes =>
        {
            bytes[2] = (byte)(region >> 12);
            bytes[3] = (byte)(region >> 4 & 0xFF);
            bytes[4] = (byte)((region & 0xF) << 4 | 1);
        });
        Assert.Equal(known ? TokenFault.None : TokenFault.UnknownRegion, fault);
    }

    [Fact]
    public void Bytes_of_any_other_length_are_refused()
    {
        var bytes = TokenSample.Token.Bytes.ToArray();
        for (var length = 0; length < bytes.Length; length++)
            Assert.Equal(TokenFault.WrongByteLength, TokenDecoder.TryRead(bytes.AsSpan(0, length), out _));
        Assert.Equal(TokenFault.WrongByteLength, TokenDecoder.TryRead([.. bytes, 0], out _));
    }

    [Fact]
    public void Every_flipped_bit_gives_a_numbered_fault_or_another_well_formed_token()
    {
        for (var bit = 0; bit < TokenLayout.Length * 8; bit++)
        {
            var bytes = TokenSample.Token.Bytes.ToArray();
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            var fault = TokenDecoder.TryRead(bytes, out var token);
            Assert.True(Enum.IsDefined(fault));
            Assert.Equal(fault == TokenFault.None, token is not null);
            if (token is not null) TouchEveryField(token);
            Assert.NotEqual(TokenSample.Token, token);
        }
    }

    [Fact]
    public void Three_hundred_thousand_random_byte_arrays_never_throw()
    {
        var random = new Random(20261122);
        var read = 0;
        for (var i = 0; i < 300_000; i++)
        {
            // Every third is exactly as long as a token, every sixth has a head that can be read.
            var bytes = i % 6 == 0 ? TokenSample.WellFormed(random) : new byte[i % 3 == 0 ? TokenLayout.Length : random.Next(0, 200)];
            if (i % 6 != 0) random.NextBytes(bytes);
            var fault = TokenDecoder.TryRead(bytes, out var token);
            Assert.True(Enum.IsDefined(fault));
            Assert.Equal(fault == TokenFault.None, token is not null);
            if (token is null) continue;
            TouchEveryField(token);
            read++;
        }
        Assert.True(read >= 50_000);
    }

    [Fact]
    public void Three_hundred_thousand_random_texts_never_throw_and_what_decodes_is_canonical()
    {
        var random = new Random(19491001);
        var decoded = 0;
        for (var i = 0; i < 300_000; i++)
        {
            var text = RandomText.Next(random);
            var fault = TokenDecoder.TryDecode(text, out var token);
            Assert.True(Enum.IsDefined(fault));
            Assert.Equal(fault == TokenFault.None, token is not null);
            if (token is null) continue;
            Assert.Equal(text.Normalize(NormalizationForm.FormKC), token.ToDigits());
            decoded++;
        }
        Assert.True(decoded >= 10_000);
    }

    [Fact]
    public void Every_fault_is_explained_in_both_languages()
    {
        foreach (var fault in Enum.GetValues<TokenFault>())
        {
            var words = TokenDecoder.Explain(fault);
            Assert.NotEmpty(words.Zh);
            Assert.NotEmpty(words.En);
        }
    }

    private static void Refused(TokenFault expected, string? text)
    {
        Assert.Equal(expected, TokenDecoder.TryDecode(text, out var token));
        Assert.Null(token);
    }

    private static TokenFault FaultOf(Action<byte[]> change)
    {
        var bytes = TokenSample.Token.Bytes.ToArray();
        change(bytes);
        return TokenDecoder.TryRead(bytes, out _);
    }

    private static string WithCheck(BigInteger number)
    {
        var digits = number.ToString("D200", CultureInfo.InvariantCulture);
        var (tens, units) = Mod97.CheckDigits(digits);
        return $"{digits}{tens}{units}";
    }

    private static void TouchEveryField(VoucherToken token) =>
        Assert.NotNull($"{token} {token.Suite} {token.KeyId} {token.Region} {token.Kind} {token.Nonce} {token.ValidUntil:O} {token.Scope} {token.Holder} {token.ShortCode}");
}
