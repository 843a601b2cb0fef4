using Voucher.Core.Institutions;
using Voucher.Core.Tests.Tokens;

namespace Voucher.Core.Tests.Institutions;

public sealed class UsccTests
{
    private const string Alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    private const string Valid = "11320000MB151840XJ";

    [Theory]
    [InlineData(Valid)]
    [InlineData("91350100M000100Y43")]
    public void Valid_codes_are_read(string text) => Assert.Equal(text, Uscc.Parse(text).ToString());

    [Theory]
    [InlineData("11320000mb151840xj")]
    [InlineData("　11320000MB151840XJ ")]
    [InlineData("１１３２００００ＭＢ１５１８４０ＸＪ")]
    [InlineData("１１３２００００ｍｂ１５１８４０ｘｊ")]
    public void Codes_are_read_as_people_type_them(string typed) => Assert.Equal(Valid, Uscc.Parse(typed).ToString());

    [Theory]
    [InlineData(null, UsccFault.Empty)]
    [InlineData("", UsccFault.Empty)]
    [InlineData(" \u3000", UsccFault.Empty)]
    [InlineData("11320000MB151840X", UsccFault.WrongLength)]
    [InlineData("11320000MB151840XJ0", UsccFault.WrongLength)]
    [InlineData("91350100M000100Y4Z", UsccFault.ForeignCharacter)]
    [InlineData("11320000MB15184OXJ", UsccFault.ForeignCharacter)]
    [InlineData("11320000MB15184IXJ", UsccFault.ForeignCharacter)]
    [InlineData("11320000MB15184-XJ", UsccFault.ForeignCharacter)]
    [InlineData("11320000MB15184\0XJ", UsccFault.ForeignCharacter)]
    [InlineData("11320000MB15184培XJ", UsccFault.ForeignCharacter)]
    [InlineData("91350100M000100Y44", UsccFault.WrongCheckCharacter)]
    public void Anything_else_is_refused_with_its_fault(string? text, UsccFault expected)
    {
        Assert.Equal(expected, Uscc.TryParse(text, out var code));
        Assert.Equal(default, code);
        Assert.Throws<FormatException>(() => Uscc.Parse(text!));
    }

    [Fact]
    public void The_check_character_of_the_standards_example_is_3() => Assert.Equal('3', Uscc.CheckCharacter("91350100M000100Y4"));

    [Fact]
    public void Every_single_wrong_character_is_refused()
    {
        foreach (var text in new[] { Valid, "91350100M000100Y43" })
            for (var place = 0; place < 18; place++)
                foreach (var character in Alphabet.Where(c => c != text[place]))
                    Assert.Equal(UsccFault.WrongCheckCharacter, Uscc.TryParse(text[..place] + character + text[(place + 1)..], out _));
    }

    [Fact]
    public void The_check_character_agrees_with_the_standards_list_of_weights()
    {
        int[] weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
        var random = new Random(31);
        for (var i = 0; i < 10_000; i++)
        {
            var body = string.Concat(weights.Select(_ => Alphabet[random.Next(31)]));
            var sum = body.Zip(weights, (c, weight) => Alphabet.IndexOf(c, StringComparison.Ordinal) * weight).Sum();
            var check = 31 - sum % 31;
            Assert.Equal(Alphabet[check == 31 ? 0 : check], Uscc.CheckCharacter(body));
        }
    }

    [Fact]
    public void Random_texts_never_throw()
    {
        var random = new Random(32100);
        for (var i = 0; i < 50_000; i++) Assert.True(Enum.IsDefined(Uscc.TryParse(RandomText.Next(random), out _)));
    }
}
