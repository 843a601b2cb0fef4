using Voucher.Core.People;

namespace Voucher.Core.Tests.People;

public sealed class OldIdNumberTests
{
    /// <summary>The pairs are the standard's own example and numbers computed by hand from its weights.</summary>
    [Theory]
    [InlineData("110105491231002", "11010519491231002X")]
    [InlineData("４４０５２４８００１０１００１", "440524198001010013")]
    [InlineData(" 622926850312016 ", "622926198503120167")]
    public void Fifteen_digits_become_eighteen_characters(string old, string now)
    {
        Assert.Equal(IdNumberFault.None, OldIdNumber.TryConvert(old, out var number));
        Assert.Equal(now, number.Reveal());
    }

    [Theory]
    [InlineData("995", 1980)]
    [InlineData("996", 1880)]
    [InlineData("999", 1880)]
    public void The_last_four_sequences_were_kept_for_those_born_in_the_century_before(string sequence, int year)
    {
        Assert.Equal(IdNumberFault.None, OldIdNumber.TryConvert("440524800101" + sequence, out var number));
        Assert.Equal(new DateOnly(year, 1, 1), number.BirthDate);
    }

    [Theory]
    [InlineData("", IdNumberFault.Empty)]
    [InlineData("11010549123100", IdNumberFault.WrongLength)]
    [InlineData("11010519491231002X", IdNumberFault.WrongLength)]
    [InlineData("11010549123100X", IdNumberFault.NotDigits)]
    [InlineData("110105491331002", IdNumberFault.NoSuchDate)]
    public void What_is_no_old_number_says_why(string text, IdNumberFault fault) => Assert.Equal(fault, OldIdNumber.TryConvert(text, out _));

    [Theory]
    [InlineData("622926200103120", true)]
    [InlineData("622926198503120", true)]
    [InlineData("622926850312016", false)]
    public void A_number_that_lost_its_last_three_characters_is_told_from_an_old_one(string text, bool isCutOff) =>
        Assert.Equal(isCutOff, OldIdNumber.IsRatherCutOff(text));
}
