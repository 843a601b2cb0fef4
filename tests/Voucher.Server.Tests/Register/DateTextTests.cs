using Voucher.Server.Register.Importing;

namespace Voucher.Server.Tests.Register;

public sealed class DateTextTests
{
    [Theory]
    [InlineData("1985-03-12", DateOrder.YearFirst, "1985-03-12")]
    [InlineData("１９８５／３／１２", DateOrder.DayFirst, "1985-03-12")]
    [InlineData("1985年3月12日", DateOrder.YearFirst, "1985-03-12")]
    [InlineData("19850312", DateOrder.YearFirst, "1985-03-12")]
    [InlineData("31118", DateOrder.YearFirst, "1985-03-12")]
    [InlineData("12/03/1985", DateOrder.DayFirst, "1985-03-12")]
    [InlineData("12/03/1985", DateOrder.MonthFirst, "1985-12-03")]
    [InlineData("12/03/1985", DateOrder.YearFirst, null)]
    [InlineData("1985-02-30", DateOrder.YearFirst, null)]
    [InlineData("十二月", DateOrder.YearFirst, null)]
    public void A_date_is_read_in_the_order_that_is_set(string text, DateOrder order, string? day) =>
        Assert.Equal(day is null ? null : DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), DateText.Read(text, order)?.Day);

    [Fact]
    public void Without_a_day_year_and_month_must_fit()
    {
        var month = DateText.Read("1985.03", DateOrder.YearFirst)!.Value;
        Assert.True(month.Fits(new DateOnly(1985, 3, 31)));
        Assert.False(month.Fits(new DateOnly(1985, 4, 1)));
    }
}
