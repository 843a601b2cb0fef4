using System.Globalization;
using Voucher.Core.People;
using Voucher.Core.Tests.Tokens;

namespace Voucher.Core.Tests.People;

public sealed class IdNumberTests
{
    /// <summary>The two examples of GB 11643-1999.</summary>
    private const string Woman = "11010519491231002X";
    private const string Man = "440524188001010014";

    [Theory]
    [InlineData(Woman, false, "1949-12-31")]
    [InlineData(Man, true, "1880-01-01")]
    public void The_examples_of_the_standard_are_read(string text, bool male, string birth)
    {
        var number = IdNumber.Parse(text);
        Assert.Equal(text, number.Reveal());
        Assert.Equal(male, number.IsMale);
        Assert.Equal(Day(birth), number.BirthDate);
    }

    [Theory]
    [InlineData("81000019900101001")]
    [InlineData("82000019851130002")]
    [InlineData("83000020000229003")]
    public void Residence_permits_of_Hong_Kong_Macao_and_Taiwan_have_the_same_form(string first17)
    {
        var text = first17 + PlainCheckCharacter(first17);
        Assert.Equal(text, IdNumber.Parse(text).Reveal());
    }

    [Theory]
    [InlineData("11010519491231002x")]
    [InlineData("  11010519491231002X ")]
    [InlineData("１１０１０５１９４９１２３１００２Ｘ")]
    [InlineData("１１０１０５１９４９１２３１００２ｘ")]
    [InlineData("\u3000110105１９４９1231002ｘ\t")]
    public void It_is_read_as_people_type_it(string typed) => Assert.Equal(Woman, IdNumber.Parse(typed).Reveal());

    [Theory]
    [InlineData(null, IdNumberFault.Empty)]
    [InlineData("", IdNumberFault.Empty)]
    [InlineData(" \u3000", IdNumberFault.Empty)]
    [InlineData("110105491231002", IdNumberFault.WrongLength)]
    [InlineData("11010519491231002", IdNumberFault.WrongLength)]
    [InlineData("11010519491231002XX", IdNumberFault.WrongLength)]
    [InlineData("110105 19491231002X", IdNumberFault.WrongLength)]
    [InlineData("X1010519491231002X", IdNumberFault.NotDigits)]
    [InlineData("11010519491231002Y", IdNumberFault.NotDigits)]
    [InlineData("1101051949123100\0X", IdNumberFault.NotDigits)]
    [InlineData("11010519491231002\0", IdNumberFault.NotDigits)]
    [InlineData("1101051949123100٢X", IdNumberFault.NotDigits)]
    [InlineData("11010519491231-02X", IdNumberFault.NotDigits)]
    [InlineData("110105194912310021", IdNumberFault.WrongCheckCharacter)]
    [InlineData("110105194913010020", IdNumberFault.NoSuchDate)]
    [InlineData("110105194902290020", IdNumberFault.NoSuchDate)]
    [InlineData("110105194900000020", IdNumberFault.NoSuchDate)]
    [InlineData("110105000001010020", IdNumberFault.NoSuchDate)]
    public void Anything_else_is_refused_with_its_fault(string? text, IdNumberFault expected)
    {
        Assert.Equal(expected, IdNumber.TryParse(text, out var number));
        Assert.Equal(default, number);
    }

    [Theory]
    [InlineData("18491231", IdNumberFault.NoSuchDate)]
    [InlineData("18500101", IdNumberFault.None)]
    [InlineData("21501231", IdNumberFault.None)]
    [InlineData("21510101", IdNumberFault.NoSuchDate)]
    [InlineData("20000229", IdNumberFault.None)]
    [InlineData("19000229", IdNumberFault.NoSuchDate)]
    public void Birth_dates_are_days_of_the_calendar_from_1850_to_2150(string date, IdNumberFault expected)
    {
        var first17 = $"622926{date}001";
        Assert.Equal(expected, IdNumber.TryParse(first17 + PlainCheckCharacter(first17), out _));
    }

    [Fact]
    public void Every_single_wrong_digit_and_every_swap_of_neighbours_is_refused()
    {
        foreach (var text in new[] { Woman, Man, "62292619901015002" + PlainCheckCharacter("62292619901015002") })
        {
            for (var place = 0; place < 18; place++)
                foreach (var character in place == 17 ? "0123456789X" : "0123456789")
                    if (character != text[place]) AssertRefused(text[..place] + character + text[(place + 1)..]);
            for (var place = 0; place < 17; place++)
                if (text[place] != text[place + 1]) AssertRefused(text[..place] + text[place + 1] + text[place] + text[(place + 2)..]);
        }
    }

    [Fact]
    public void The_check_character_agrees_with_plain_ISO_7064()
    {
        var random = new Random(11);
        for (var i = 0; i < 10_000; i++)
        {
            var first17 = string.Concat(Enumerable.Range(0, 17).Select(_ => (char)('0' + random.Next(10))));
            Assert.Equal(PlainCheckCharacter(first17), IdNumber.CheckCharacter(first17));
        }
    }

    [Theory]
    [InlineData("1949-12-31", 0)]
    [InlineData("1950-12-30", 0)]
    [InlineData("1950-12-31", 1)]
    [InlineData("2009-12-30", 59)]
    [InlineData("2009-12-31", 60)]
    [InlineData("1949-12-30", -1)]
    public void A_year_is_full_on_the_birthday(string day, int age) => Assert.Equal(age, IdNumber.Parse(Woman).AgeOn(Day(day)));

    [Theory]
    [InlineData("2001-02-27", 0)]
    [InlineData("2001-02-28", 1)]
    [InlineData("2004-02-28", 3)]
    [InlineData("2004-02-29", 4)]
    [InlineData("2016-02-28", 15)]
    [InlineData("2018-02-28", 18)]
    public void Who_was_born_on_29_February_has_the_birthday_on_the_28th_in_common_years(string day, int age)
    {
        var text = "62292620000229002" + PlainCheckCharacter("62292620000229002");
        Assert.Equal(age, IdNumber.Parse(text).AgeOn(Day(day)));
    }

    [Fact]
    public void Age_never_throws_at_the_ends_of_the_calendar()
    {
        Assert.Equal(8049, IdNumber.Parse(Woman).AgeOn(DateOnly.MaxValue) - 1);
        Assert.True(IdNumber.Parse(Woman).AgeOn(DateOnly.MinValue) < 0);
    }

    [Fact]
    public void Printing_it_in_any_way_shows_the_masked_form_only()
    {
        var number = IdNumber.Parse(Woman);
        var somebody = new Somebody("马小梅", number);
        foreach (var printed in new[] { number.ToString(), $"{number}", somebody.ToString(), string.Join(',', new[] { number }) })
        {
            Assert.Contains("110105***********X", printed, StringComparison.Ordinal);
            Assert.DoesNotContain("19491231", printed, StringComparison.Ordinal);
            Assert.DoesNotContain("002", printed, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_fault_never_quotes_what_was_typed()
    {
        var fault = Assert.Throws<FormatException>(() => IdNumber.Parse("110105194912310021"));
        Assert.DoesNotContain("1949", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_number_prints_nothing_and_reveals_nothing()
    {
        Assert.Equal("", default(IdNumber).ToString());
        Assert.Throws<InvalidOperationException>(() => default(IdNumber).Reveal());
    }

    [Fact]
    public void Random_texts_never_throw()
    {
        var random = new Random(18);
        for (var i = 0; i < 50_000; i++) Assert.True(Enum.IsDefined(IdNumber.TryParse(RandomText.Next(random), out _)));
    }

    private sealed record Somebody(string Name, IdNumber Number);

    private static void AssertRefused(string text) => Assert.NotEqual(IdNumberFault.None, IdNumber.TryParse(text, out _));

    /// <summary>ISO 7064 MOD 11-2, the recursive way: double and add, then complete to 1 (mod 11).</summary>
    private static char PlainCheckCharacter(string first17)
    {
        var p = 0;
        foreach (var digit in first17) p = (p + (digit - '0')) * 2 % 11;
        var check = (12 - p) % 11;
        return check == 10 ? 'X' : (char)('0' + check);
    }

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);
}
