using Voucher.Core.People;

namespace Voucher.Core.Tests.People;

public sealed class PersonNameTests
{
    [Theory]
    [InlineData("马小梅", "马*梅")]
    [InlineData("马梅", "马*")]
    [InlineData("马", "*")]
    [InlineData("", "")]
    [InlineData(" \u3000 ", "")]
    [InlineData(" 马小梅\n", "马*梅")]
    [InlineData("欧阳建国", "欧**国")]
    [InlineData("买买提·吐尔逊", "买*****逊")]
    [InlineData("古丽巴哈尔·艾合买提", "古********提")]
    [InlineData("Ma Xiaomei", "M********i")]
    public void Only_the_first_and_of_three_or_more_the_last_character_is_shown(string name, string masked) =>
        Assert.Equal(masked, PersonName.Masked(name));

    [Theory]
    [InlineData("𠮷小𡈽", "𠮷*𡈽")]
    [InlineData("𬱖𬸣", "𬱖*")]
    [InlineData("马𫖯兰", "马*兰")]
    [InlineData("𠮷", "*")]
    public void Rare_characters_outside_the_basic_plane_stay_whole(string name, string masked) =>
        Assert.Equal(masked, PersonName.Masked(name));

    [Fact]
    public void A_torn_character_does_not_throw() => Assert.Equal("马*\uFFFD", PersonName.Masked("马\uD842\uD842"));
}
