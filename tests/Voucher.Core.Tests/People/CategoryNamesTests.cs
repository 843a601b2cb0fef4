using Voucher.Core.People;

namespace Voucher.Core.Tests.People;

public sealed class CategoryNamesTests
{
    [Theory]
    [InlineData("建档立卡；残疾")]
    [InlineData("建档立卡;残疾")]
    [InlineData("建档立卡、残疾")]
    [InlineData("建档立卡，残疾")]
    [InlineData(" 建档立卡 , 残疾 ")]
    [InlineData("建档立卡/残疾")]
    [InlineData("建档立卡／残疾")]
    [InlineData("建档立卡|残疾")]
    [InlineData("建档立卡｜残疾")]
    [InlineData("建档立卡 残疾")]
    [InlineData("建档立卡\u3000残疾")]
    [InlineData("建档立卡\r\n残疾\r\n")]
    [InlineData("、建档立卡；；残疾，")]
    public void Whatever_parts_them_the_names_are_the_same(string typed) => Assert.Equal(["建档立卡", "残疾"], CategoryNames.Split(typed));

    [Fact]
    public void Nothing_typed_is_no_category() => Assert.All(new[] { null, "", " 、 " }, typed => Assert.Empty(CategoryNames.Split(typed)));

    [Fact]
    public void A_name_that_is_typed_twice_stands_twice() => Assert.Equal(["妇女", "妇女"], CategoryNames.Split("妇女、妇女"));
}
