using System.Globalization;
using System.Numerics;
using Voucher.Core.Tokens;

namespace Voucher.Core.Tests.Tokens;

public sealed class Mod97Tests
{
    [Fact]
    public void The_example_of_ISO_7064_has_check_digits_44()
    {
        Assert.Equal(('4', '4'), Mod97.CheckDigits("794"));
        Assert.True(Mod97.IsValid("79444"));
        Assert.False(Mod97.IsValid("79443"));
    }

    [Fact]
    public void Check_digits_agree_with_plain_big_integers()
    {
        var random = new Random(97);
        for (var i = 0; i < 10_000; i++)
        {
            var digits = string.Concat(Enumerable.Range(0, random.Next(1, 220)).Select(_ => (char)('0' + random.Next(10))));
            var expected = (98 - BigInteger.Parse(digits, CultureInfo.InvariantCulture) * 100 % 97).ToString("D2", CultureInfo.InvariantCulture);
            var (tens, units) = Mod97.CheckDigits(digits);
            Assert.Equal(expected, $"{tens}{units}");
            Assert.True(Mod97.IsValid(digits + expected));
        }
    }

    [Fact]
    public void Check_digits_run_from_02_to_98()
    {
        var all = Enumerable.Range(0, 970).Select(n => Mod97.CheckDigits(n.ToString(CultureInfo.InvariantCulture)))
            .Select(check => (check.Tens - '0') * 10 + check.Units - '0')
            .ToHashSet();
        Assert.Equal(Enumerable.Range(2, 97), all.Order());
    }
}
