using System.Text;
using Voucher.Core.Programmes;

namespace Voucher.Core.Tests.Programmes;

public sealed class SpellingTests
{
    private static readonly Dictionary<string, string[]> Readings = new(StringComparer.Ordinal)
    {
        ["中"] = ["zhong"], ["式"] = ["shi"], ["烹"] = ["peng"], ["饪"] = ["ren"], ["长"] = ["chang", "zhang"], ["途"] = ["tu"], ["货"] = ["huo"], ["运"] = ["yun"], ["女"] = ["nv"],
    };

    private static bool Finds(string text, string typed) =>
        new Spelling(text, (Rune rune) => Readings.GetValueOrDefault(rune.ToString()) ?? []).Matches(Spelling.Normalise(typed));

    [Theory]
    [InlineData("中式烹饪", "zspr")]
    [InlineData("中式烹饪", "ZSPR")]
    [InlineData("中式烹饪", "zhongshipengren")]
    [InlineData("中式烹饪", "zhong shi")]
    [InlineData("中式烹饪", "zhshpr")]
    [InlineData("中式烹饪", "烹饪")]
    [InlineData("中式烹饪", "中spr")]
    [InlineData("中式烹饪", "pengr")]
    [InlineData("中式烹饪", "ｚｓ")]
    [InlineData("中式烹饪", "")]
    [InlineData("长途货运", "cthy")]
    [InlineData("长途货运", "zthy")]
    [InlineData("长途货运", "zhangtu")]
    [InlineData("女工", "nü")]
    [InlineData("AI 中式", "ai")]
    public void A_text_is_found_by_its_characters_its_pinyin_and_its_initials_in_any_reading(string text, string typed) => Assert.True(Finds(text, typed));

    [Theory]
    [InlineData("中式烹饪", "zsprx")]
    [InlineData("中式烹饪", "zpr")]
    [InlineData("中式烹饪", "hong")]
    [InlineData("长途货运", "hthy")]
    [InlineData("中式烹饪", "烹式")]
    public void A_text_is_not_found_by_what_skips_or_changes_a_character(string text, string typed) => Assert.False(Finds(text, typed));

    [Fact]
    public void The_page_gets_the_readings_of_each_character_in_its_place() =>
        Assert.Equal("chang,zhang tu  zhong", new Spelling("长途A中", (Rune rune) => Readings.GetValueOrDefault(rune.ToString()) ?? []).Encoded);
}
