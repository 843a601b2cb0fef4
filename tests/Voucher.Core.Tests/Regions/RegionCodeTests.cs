using Voucher.Core.Regions;
using Voucher.Core.Tests.Tokens;

namespace Voucher.Core.Tests.Regions;

public sealed class RegionCodeTests
{
    [Theory]
    [InlineData("622926", 622926)]
    [InlineData("110000", 110000)]
    [InlineData("659999", 659999)]
    [InlineData("710000", 710000)]
    [InlineData("829999", 829999)]
    public void Codes_of_the_standards_provinces_are_read(string text, int value)
    {
        Assert.True(RegionCode.TryParse(text, out var region));
        Assert.Equal(value, region.Value);
        Assert.Equal(text, region.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("62292")]
    [InlineData("6229260")]
    [InlineData("62292a")]
    [InlineData("-62292")]
    [InlineData(" 62292")]
    [InlineData("62292\0")]
    [InlineData("６２２９２６")]
    [InlineData("109999")]
    [InlineData("660000")]
    [InlineData("709999")]
    [InlineData("830000")]
    [InlineData("000000")]
    public void Anything_else_is_no_region(string? text) => Assert.False(RegionCode.TryParse(text, out _));

    [Theory]
    [InlineData(109_999)]
    [InlineData(660_000)]
    [InlineData(709_999)]
    [InlineData(830_000)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_number_that_is_no_region_is_a_fault(int value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RegionCode(value));

    [Fact]
    public void Every_region_fits_the_tokens_20_bits() => Assert.True(RegionCode.Largest < 1 << 20);

    [Fact]
    public void Regions_order_by_number() =>
        Assert.True(new RegionCode(622926).CompareTo(new RegionCode(622927)) < 0);

    [Fact]
    public void Random_texts_never_throw()
    {
        var random = new Random(2260);
        for (var i = 0; i < 50_000; i++)
            if (RegionCode.TryParse(RandomText.Next(random), out var region)) Assert.True(RegionCode.IsPossible(region.Value));
    }
}
