using System.Globalization;
using Voucher.Core.Regions;
using Voucher.Core.Tokens;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Tokens;

public sealed class ShortCodeTests
{
    private static readonly VoucherId Voucher = new(new RegionCode(622926), 123);

    [Fact]
    public void It_is_the_hash_of_number_and_nonce_and_fits_its_check_digit()
    {
        var input = Convert.FromHexString("0009814E0000007B" + "A1B2C3D4");
        var hash = System.Security.Cryptography.SHA256.HashData(input);
        var body = Convert.ToUInt64(Convert.ToHexString(hash)[..16], 16) % 100_000_000_000;
        var code = ShortCode.Of(Voucher, 0xA1B2C3D4);
        Assert.Equal((long)body, code.Value / 10);
        Assert.True(FitsIso7064(code.Value.ToString("D12", CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Another_voucher_or_another_nonce_gives_another_code()
    {
        var codes = Enumerable.Range(0, 50_000).Select(i => ShortCode.Of(new VoucherId(Voucher.Region, (uint)i), (uint)(i * 7))).ToHashSet();
        // 50,000 draws from 10¹¹ clash with a chance of about one in eighty; these fixed draws have none.
        Assert.Equal(50_000, codes.Count);
        Assert.NotEqual(ShortCode.Of(Voucher, 1), ShortCode.Of(Voucher, 2));
    }

    [Fact]
    public void The_check_digit_is_that_of_ISO_7064_MOD_11_10()
    {
        foreach (var text in Samples(2_000))
        {
            Assert.True(FitsIso7064(text));
            Assert.Equal(1, Enumerable.Range(0, 10).Count(digit => ShortCode.TryParse($"{text[..11]}{digit}", out _)));
        }
    }

    [Fact]
    public void Every_single_wrong_digit_is_found()
    {
        foreach (var text in Samples(1_000))
            for (var place = 0; place < ShortCode.Length; place++)
                for (var digit = '0'; digit <= '9'; digit++)
                    if (digit != text[place])
                        Assert.False(ShortCode.TryParse(text[..place] + digit + text[(place + 1)..], out _));
    }

    /// <summary>
    /// The guarantee that the standard gives for MOD 11,10 is "nearly all" swaps of neighbours. Counted over all pairs at
    /// all places of many codes, at least 97 in 100 are found.
    /// </summary>
    [Fact]
    public void At_least_97_of_100_swaps_of_neighbours_are_found()
    {
        var (swaps, found) = (0, 0);
        foreach (var text in Samples(20_000))
            for (var place = 0; place + 1 < ShortCode.Length; place++)
            {
                if (text[place] == text[place + 1]) continue;
                swaps++;
                if (!ShortCode.TryParse(text[..place] + text[place + 1] + text[place] + text[(place + 2)..], out _)) found++;
            }
        TestContext.Current.TestOutputHelper?.WriteLine($"{found} of {swaps} = {100.0 * found / swaps:F2}%");
        Assert.True(found >= swaps * 0.97, $"{found} of {swaps}");
        Assert.True(found < swaps, "If every swap were found, the documentation should promise it.");
    }

    [Theory]
    [InlineData("{0}{1}{2}")]
    [InlineData("{0} {1} {2}")]
    [InlineData("{0}-{1}-{2}")]
    [InlineData("  {0} - {1}  {2} ")]
    [InlineData("{0}\u3000{1}－{2}")]
    public void It_is_read_with_blanks_hyphens_and_full_width(string form)
    {
        var code = ShortCode.Of(Voucher, 5);
        var groups = code.ToString().Split(' ');
        var typed = string.Format(CultureInfo.InvariantCulture, form, groups[0], groups[1], groups[2]);
        Assert.True(ShortCode.TryParse(typed, out var read));
        Assert.Equal(code, read);
        Assert.True(ShortCode.TryParse(TokenSample.ToFullWidth(string.Concat(groups)), out read));
        Assert.Equal(code, read);
    }

    [Fact]
    public void It_prints_in_three_groups_of_four_with_leading_zeros()
    {
        var small = Enumerable.Range(0, 10).First(digit => ShortCode.TryCreate(420 + digit, out _)) + 420;
        Assert.True(ShortCode.TryCreate(small, out var code));
        Assert.Equal($"0000 0000 0{small}", code.ToString());
        Assert.True(ShortCode.TryParse(code.ToString(), out var read));
        Assert.Equal(code, read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("12345678901")]
    [InlineData("1234567890123")]
    [InlineData("12345678901x")]
    [InlineData("+12345678901")]
    [InlineData("12345678901\0")]
    [InlineData("１２３４５６７８９０１٣")]
    [InlineData("1234.5678.9012")]
    public void Anything_else_is_no_short_code(string? text)
    {
        Assert.False(ShortCode.TryParse(text, out var code));
        Assert.Equal(default, code);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_000_000_000)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void Stored_numbers_out_of_range_are_refused(long value) => Assert.False(ShortCode.TryCreate(value, out _));

    [Fact]
    public void Random_texts_never_throw()
    {
        var random = new Random(12);
        for (var i = 0; i < 50_000; i++)
            if (ShortCode.TryParse(RandomText.Next(random), out var code))
                Assert.True(ShortCode.TryCreate(code.Value, out _));
    }

    private static IEnumerable<string> Samples(int count)
    {
        for (var i = 0; i < count; i++)
            yield return ShortCode.Of(Voucher, (uint)i).Value.ToString("D12", CultureInfo.InvariantCulture);
    }

    /// <summary>ISO 7064, clause on hybrid systems, from the receiver's side: every digit but the last is worked in, the last completes to 1 (mod 10).</summary>
    private static bool FitsIso7064(string digits)
    {
        var product = 10;
        foreach (var digit in digits[..^1])
        {
            var s = product % 11 + (digit - '0');
            var t = s % 10 == 0 ? 10 : s % 10;
            product = 2 * t;
        }
        return (product % 11 + (digits[^1] - '0')) % 10 == 1;
    }
}
