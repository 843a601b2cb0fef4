using Voucher.Core.Refusals;

namespace Voucher.Core.Tests;

public sealed class WorkingDaysTests
{
    private static readonly HolidayYear Y2026 = HolidayText.Read(2026, """
        文号 国办发明电〔2025〕7号
        休 2026-01-01 2026-01-03 元旦
        班 2026-01-04
        休 2026-02-15 2026-02-23 春节
        班 2026-02-14
        班 2026-02-28
        休 2026-10-01 2026-10-07 国庆节
        班 2026-09-20
        班 2026-10-10
        """).OrThrow();

    private static readonly WorkingDays Days = new([Y2026]);

    [Theory]
    [InlineData("2026-01-02", false)] // Friday, 元旦.
    [InlineData("2026-01-04", true)] // Sunday, made up.
    [InlineData("2026-02-14", true)] // Saturday, made up.
    [InlineData("2026-02-23", false)] // Monday, 春节.
    [InlineData("2026-02-24", true)]
    [InlineData("2026-10-10", true)] // Saturday, made up.
    [InlineData("2026-10-11", false)] // Sunday.
    [InlineData("2027-02-08", true)] // A year without an announcement: weekdays are worked.
    [InlineData("2027-02-06", false)]
    public void Holidays_and_made_up_days_are_known(string day, bool isWorking) => Assert.Equal(isWorking, Days.IsWorking(Day(day)));

    [Theory]
    [InlineData("2026-09-24", 10, "2026-10-14")] // 25, 28–30 Sep, 8–10 and 12–14 Oct: eleven weekdays and a Saturday, without the holiday.
    [InlineData("2026-02-13", 3, "2026-02-25")] // Saturday the 14th is worked, then nine days off.
    [InlineData("2026-02-13", 0, "2026-02-13")]
    public void Working_days_are_added(string from, int count, string until) => Assert.Equal(Day(until), Days.Add(Day(from), count));

    [Fact]
    public void Adding_and_counting_agree_on_any_day()
    {
        var random = new Random(20260101);
        for (var i = 0; i < 5_000; i++)
        {
            var from = new DateOnly(2025, 6, 1).AddDays(random.Next(900));
            var count = random.Next(60);
            var until = Days.Add(from, count);
            Assert.Equal(count, Days.Between(from, until));
            Assert.Equal(-count, Days.Between(until, from));
            Assert.True(count == 0 || Days.IsWorking(until));
            var further = Days.Add(until, 7);
            Assert.Equal(further, Days.Add(from, count + 7));
        }
    }

    [Fact]
    public void A_year_without_its_announcement_is_named()
    {
        Assert.Equal([2025, 2027], Days.Missing(Day("2025-12-20"), Day("2027-01-05")));
        Assert.Empty(Days.Missing(Day("2026-03-01"), Day("2026-04-01")));
    }

    [Fact]
    public void A_year_that_is_written_reads_back_the_same()
    {
        var again = HolidayText.Read(2026, HolidayText.Write(Y2026)).OrThrow();
        Assert.Equal(Y2026.Off, again.Off);
        Assert.Equal(Y2026.MadeUp, again.MadeUp);
        Assert.Equal(Y2026.Notice, again.Notice);
    }

    [Theory]
    [InlineData("休 2026-10-01 2026-10-07 国庆节")] // No notice.
    [InlineData("文号 x")] // No day off.
    [InlineData("文号 x\n休 2025-10-01 2025-10-07 国庆节")]
    [InlineData("文号 x\n休 2026-10-07 2026-10-01 国庆节")]
    [InlineData("文号 x\n休 2026-10-01 2026-10-30 国庆节")]
    [InlineData("文号 x\n休 2026-10-01 国庆节")]
    [InlineData("文号 x\n休 2026-10-01 2026-10-07 国庆节\n班 2026-10-08")] // A Thursday.
    [InlineData("文号 x\n休 2026-10-01 2026-10-07 国庆节\n班 2026-10-04")] // Off and worked.
    [InlineData("文号 x\n休 2026-10-01 2026-10-07 国庆节\n休 2026-10-07 2026-10-08 中秋")]
    [InlineData("文号 x\n休 2026-10-01 2026-10-07 国庆节\n随便")]
    public void What_cannot_be_meant_is_refused(string text) => Assert.IsType<Outcome<HolidayYear>.BadInput>(HolidayText.Read(2026, text));

    private static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
