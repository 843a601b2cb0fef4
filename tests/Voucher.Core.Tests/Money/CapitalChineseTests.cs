using Voucher.Core.Money;

namespace Voucher.Core.Tests.Money;

/// <summary>The examples of 《正确填写票据和结算凭证的基本规定》, and what they do not show.</summary>
public sealed class CapitalChineseTests
{
    [Theory]
    [InlineData(0, "零元整")]
    [InlineData(1, "壹分")]
    [InlineData(5, "伍分")]
    [InlineData(10, "壹角整")]
    [InlineData(56, "伍角陆分")]
    [InlineData(100, "壹元整")]
    [InlineData(105, "壹元零伍分")]
    [InlineData(150, "壹元伍角整")]
    [InlineData(1_000, "壹拾元整")]
    [InlineData(1_020, "壹拾元零贰角整")]
    [InlineData(120_000, "壹仟贰佰元整")]
    [InlineData(140_950, "壹仟肆佰零玖元伍角整")]
    [InlineData(600_714, "陆仟零柒元壹角肆分")]
    [InlineData(168_032, "壹仟陆佰捌拾元零叁角贰分")]
    [InlineData(10_700_053, "壹拾万柒仟元零伍角叁分")]
    [InlineData(1_640_902, "壹万陆仟肆佰零玖元零贰分")]
    [InlineData(32_504, "叁佰贰拾伍元零肆分")]
    [InlineData(10_000_00, "壹万元整")]
    [InlineData(10_001_00, "壹万零壹元整")]
    [InlineData(10_100_00, "壹万零壹佰元整")]
    [InlineData(11_000_00, "壹万壹仟元整")]
    [InlineData(1_000_000_00, "壹佰万元整")]
    [InlineData(1_000_500_00, "壹佰万零伍佰元整")]
    [InlineData(100_000_000_00, "壹亿元整")]
    [InlineData(100_000_001_00, "壹亿零壹元整")]
    [InlineData(100_010_000_00, "壹亿零壹万元整")]
    [InlineData(110_000_000_00, "壹亿壹仟万元整")]
    [InlineData(1_020_030_040_50, "壹拾亿贰仟零叁万零肆拾元零伍角整")]
    [InlineData(1_000_000_000_000, "壹佰亿元整")]
    [InlineData(100_000_000_000_000, "壹万亿元整")]
    [InlineData(-120_050, "负壹仟贰佰元零伍角整")]
    public void It_reads_as_the_rules_write_it(long fen, string said) => Assert.Equal(said, new Fen(fen).ToCapitalChinese());

    [Fact]
    public void Different_amounts_never_read_the_same_and_no_zero_comes_twice()
    {
        var dice = new Random(20261123);
        Dictionary<string, long> seen = new(StringComparer.Ordinal);
        for (var i = 0; i < 50_000; i++)
        {
            var fen = dice.NextInt64(1, (long)Math.Pow(10, dice.Next(1, 17)));
            var said = new Fen(fen).ToCapitalChinese();
            Assert.DoesNotContain("零零", said, StringComparison.Ordinal);
            Assert.True(seen.TryAdd(said, fen) || seen[said] == fen, $"{fen} and {seen[said]}: {said}");
        }
    }

    [Fact]
    public void The_ends_of_the_range_are_read_too()
    {
        Assert.StartsWith("负", new Fen(long.MinValue).ToCapitalChinese(), StringComparison.Ordinal);
        Assert.EndsWith("零柒分", new Fen(long.MaxValue).ToCapitalChinese(), StringComparison.Ordinal);
    }
}
