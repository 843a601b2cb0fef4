using Voucher.Core.Planning;

namespace Voucher.Core.Tests.Planning;

public sealed class ReportPeriodTests
{
    [Theory]
    [InlineData(1, 12)]
    [InlineData(2, 6)]
    [InlineData(3, 4)]
    [InlineData(5, 3)]
    [InlineData(12, 1)]
    public void A_year_is_cut_without_gap_or_overlap(int months, int periods)
    {
        var year = ReportPeriod.OfYear(2024, _ => months);
        Assert.Equal(periods, year.Count);
        Assert.Equal((new DateOnly(2024, 1, 1), new DateOnly(2024, 12, 31)), (year[0].First, year[^1].Last));
        Assert.All(year.Zip(year.Skip(1)), pair => Assert.Equal(pair.First.Last.AddDays(1), pair.Second.First));
    }

    [Fact]
    public void A_new_rhythm_begins_with_the_next_period()
    {
        var year = ReportPeriod.OfYear(2025, day => day < new DateOnly(2025, 5, 1) ? 3 : 1);
        Assert.Equal([1, 4, 7, 8, 9, 10, 11, 12], year.Select(period => period.First.Month));
    }

    [Fact]
    public void A_report_is_due_some_days_after_its_period_and_late_afterwards()
    {
        var february = ReportPeriod.OfYear(2024, _ => 1)[1];
        Assert.Equal((new DateOnly(2024, 2, 29), new DateOnly(2024, 3, 5)), (february.Last, february.DueOn));
        Assert.False(february.IsOverOn(new(2024, 2, 29)));
        Assert.True(february.IsOverOn(new(2024, 3, 1)));
        Assert.False(february.IsLateOn(new(2024, 3, 5)));
        Assert.True(february.IsLateOn(new(2024, 3, 6)));
    }
}
