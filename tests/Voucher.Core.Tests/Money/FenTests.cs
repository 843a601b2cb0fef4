using System.Globalization;
using Voucher.Core.Money;
using Voucher.Core.Tests.Tokens;

namespace Voucher.Core.Tests.Money;

public sealed class FenTests
{
    [Theory]
    [InlineData("1500", 150000)]
    [InlineData("1500.5", 150050)]
    [InlineData("1500.50", 150050)]
    [InlineData("1,500.50", 150050)]
    [InlineData("12,345,678.90", 1234567890)]
    [InlineData("999,999", 99999900)]
    [InlineData("0", 0)]
    [InlineData("0.01", 1)]
    [InlineData(" 7 ", 700)]
    [InlineData("\u300010", 1000)]
    [InlineData("10000000000", 1_000_000_000_000)]
    [InlineData("10,000,000,000.00", 1_000_000_000_000)]
    public void Amounts_are_read_as_people_type_them(string text, long fen)
    {
        Assert.True(Fen.TryParseYuan(text, out var amount));
        Assert.Equal(new Fen(fen), amount);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1e3")]
    [InlineData("1.005")]
    [InlineData("1.000")]
    [InlineData("¥1")]
    [InlineData("1元")]
    [InlineData("1 500")]
    [InlineData("0x10")]
    [InlineData("(1)")]
    [InlineData(".")]
    [InlineData(",")]
    [InlineData("1.2.3")]
    [InlineData("1\0")]
    [InlineData("٣")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1,5")]
    [InlineData("1,50")]
    [InlineData("15,00")]
    [InlineData("1,5000")]
    [InlineData(",500")]
    [InlineData("1500,")]
    [InlineData("1,,500")]
    [InlineData("1.5,00")]
    [InlineData("10000000000.01")]
    [InlineData("99999999999999999999")]
    public void Anything_else_is_refused(string? text)
    {
        Assert.False(Fen.TryParseYuan(text, out var amount));
        Assert.Equal(Fen.Zero, amount);
    }

    [Fact]
    public void What_is_printed_either_way_is_read_back()
    {
        var random = new Random(100);
        for (var i = 0; i < 10_000; i++)
        {
            var amount = new Fen(random.NextInt64(Fen.LargestInput.Value + 1));
            Assert.True(Fen.TryParseYuan(amount.ToString(), out var plain));
            Assert.True(Fen.TryParseYuan(amount.ToGroupedYuan(), out var grouped));
            Assert.Equal((amount, amount), (plain, grouped));
        }
    }

    [Fact]
    public void Random_texts_never_throw()
    {
        var random = new Random(99);
        for (var i = 0; i < 50_000; i++)
            if (Fen.TryParseYuan(RandomText.Next(random), out var amount)) Assert.True(amount >= Fen.Zero && amount <= Fen.LargestInput);
    }

    [Theory]
    [InlineData(0, "0.00", "0.00")]
    [InlineData(1, "0.01", "0.01")]
    [InlineData(-50, "-0.50", "-0.50")]
    [InlineData(150000, "1500.00", "1,500.00")]
    [InlineData(123456789012, "1234567890.12", "1,234,567,890.12")]
    [InlineData(long.MaxValue, "92233720368547758.07", "92,233,720,368,547,758.07")]
    public void Amounts_print_in_yuan_with_two_decimals(long fen, string plain, string grouped)
    {
        Assert.Equal(plain, new Fen(fen).ToString());
        Assert.Equal(grouped, new Fen(fen).ToGroupedYuan());
    }

    [Fact]
    public void They_print_alike_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            Assert.Equal("1,500.50", new Fen(150050).ToGroupedYuan());
            Assert.True(Fen.TryParseYuan("1500.50", out var amount));
            Assert.Equal(new Fen(150050), amount);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Arithmetic_and_order_are_those_of_whole_numbers()
    {
        Assert.Equal(new Fen(350), new Fen(150) + new Fen(200));
        Assert.Equal(new Fen(-50), new Fen(150) - new Fen(200));
        Assert.Equal(new Fen(-150), -new Fen(150));
        Assert.Equal(new Fen(450), new Fen(150) * 3);
        Assert.Equal(new Fen(150000), Fen.FromYuan(1500));
        Assert.True(new Fen(1) < new Fen(2) && new Fen(2) > new Fen(1) && new Fen(2) >= new Fen(2) && new Fen(2) <= new Fen(2));
        Assert.False(new Fen(2) < new Fen(2) || new Fen(2) > new Fen(2));
        Assert.Equal([new Fen(-1), new Fen(0), new Fen(5)], new[] { new Fen(5), new Fen(-1), new Fen(0) }.Order());
    }

    [Fact]
    public void Overflow_throws()
    {
        var (most, least) = (new Fen(long.MaxValue), new Fen(long.MinValue));
        Assert.Throws<OverflowException>(() => most + new Fen(1));
        Assert.Throws<OverflowException>(() => least - new Fen(1));
        Assert.Throws<OverflowException>(() => -least);
        Assert.Throws<OverflowException>(() => most * 2);
        Assert.Throws<OverflowException>(() => Fen.FromYuan(long.MaxValue / 10));
    }
}
