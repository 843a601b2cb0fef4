using Voucher.Core;
using Voucher.Core.Refusals;

namespace Voucher.Core.Tests;

/// <summary>A year's holidays as rows of a file: read with the rules of the text, faults named by row and field.</summary>
public sealed class HolidayTableTests
{
    [Fact]
    public void Rows_give_the_year_that_the_text_gives()
    {
        var table = HolidayTable.Read(null, "国办发明电〔2026〕7号", [Row(1, "2027-10-01", "2027-10-07", "off", "国庆节"), Row(2, "2027/10/9", "", "班")]).OrThrow();
        var text = HolidayText.Read(2027, "文号 国办发明电〔2026〕7号\n休 2027-10-01 2027-10-07 国庆节\n班 2027-10-09").OrThrow();
        Assert.Equal((text.Year, text.Notice), (table.Year, table.Notice));
        Assert.Equal(text.Off, table.Off);
        Assert.Equal(text.MadeUp, table.MadeUp);
    }

    [Theory]
    [InlineData("2.from", "", "", "off")]
    [InlineData("2.from", "2028-01-01", "", "off")]
    [InlineData("2.from", "2027-10-03", "", "off")]
    [InlineData("2.from", "2027-10-11", "", "work")]
    [InlineData("2.until", "2027-05-03", "2027-05-01", "off")]
    [InlineData("2.until", "2027-05-03", "2027-05-30", "off")]
    [InlineData("2.until", "2027-05-03", "soon", "off")]
    [InlineData("2.until", "2027-05-08", "2027-05-09", "work")]
    [InlineData("2.kind", "2027-05-03", "", "maybe")]
    [InlineData("2.name", "2027-05-03", "", "off", "一个非常非常长的节日名称一个非常非常长的节日名称")]
    public void A_wrong_cell_is_named_by_row_and_field(string field, string from, string until, string kind, string name = "劳动节")
    {
        var error = Assert.Single(Errors(HolidayTable.Read(2027, "文", [Row(1, "2027-10-01", "2027-10-07", "off", "国庆节"), Row(2, from, until, kind, name)])));
        Assert.Equal(field, error.Field);
        Assert.StartsWith("第2行", error.Problem.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_notice_days_or_year_or_with_too_many_rows_is_refused()
    {
        Assert.Equal(["notice"], Errors(HolidayTable.Read(2027, null, [Row(1, "2027-10-01", "", "off")])).Select(error => error.Field));
        Assert.Equal(["days"], Errors(HolidayTable.Read(2027, "文", [Row(1, "2027-10-09", "", "work")])).Select(error => error.Field));
        Assert.Equal(["year"], Errors(HolidayTable.Read(null, "文", [])).Select(error => error.Field));
        Assert.Equal(["year"], Errors(HolidayTable.Read(HolidayText.LastYear + 1, "文", [])).Select(error => error.Field));
        Assert.Equal(["file"], Errors(HolidayTable.Read(2027, "文", [.. Enumerable.Range(1, HolidayTable.MostRows + 1).Select(at => Row(at, "2027-10-01", "", "off"))])).Select(error => error.Field));
    }

    private static HolidayLine Row(int number, string from, string until, string kind, string name = "") => new(number, from, until, kind, name);

    private static IEnumerable<FieldError> Errors(Outcome<HolidayYear> outcome) => Assert.IsType<Outcome<HolidayYear>.BadInput>(outcome).Errors;
}
