using Voucher.Core.Regions;

namespace Voucher.Core.Tests.Regions;

public sealed class PlaceCodeTests
{
    [Fact]
    public void Nine_digits_are_a_township_and_twelve_a_village_of_it()
    {
        Assert.True(PlaceCode.TryParse("622926100", out var township));
        Assert.True(PlaceCode.TryParse("622926100201", out var village));
        Assert.Equal((false, 622_926_100), (township.IsVillage, township.Township));
        Assert.Equal((true, 622_926_100), (village.IsVillage, village.Township));
        Assert.Equal(new RegionCode(622926), village.Region);
        Assert.Equal("622926100201", village.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("622926")]
    [InlineData("6229261002")]
    [InlineData("622926100a")]
    [InlineData("６２２９２６１００")]
    [InlineData("999999999")]
    [InlineData("692926100")]
    [InlineData("692926100201")]
    [InlineData("-62292610")]
    public void Anything_else_is_no_place(string? text) => Assert.False(PlaceCode.TryParse(text, out _));

    [Theory]
    [InlineData(0)]
    [InlineData(-622_926_100)]
    [InlineData(622_926)]
    [InlineData(6_229_261_002)]
    [InlineData(long.MaxValue)]
    public void A_number_of_another_length_is_refused(long value)
    {
        Assert.False(PlaceCode.IsPossible(value));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlaceCode(value));
    }
}
