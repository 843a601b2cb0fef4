using Voucher.Core.Planning;

namespace Voucher.Core.Tests.Planning;

public sealed class TargetProgressTests
{
    [Theory]
    [InlineData("2019-12-31", 0.0)]
    [InlineData("2022-12-31", 1.0)]
    [InlineData("2030-06-01", 1.0)]
    public void Time_before_and_after_the_plan_is_none_or_all(string day, double share) =>
        Assert.Equal((decimal)share, TargetProgress.ElapsedOf(2020, 2022, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void A_day_counts_as_over_on_the_day_itself()
    {
        Assert.Equal(1m / 366, TargetProgress.ElapsedOf(2020, 2020, new(2020, 1, 1)));
        Assert.Equal(31m / 365, TargetProgress.ElapsedOf(2021, 2021, new(2021, 1, 31)));
        Assert.Equal(366m / 1096, TargetProgress.ElapsedOf(2020, 2022, new(2020, 12, 31)));
    }

    [Fact]
    public void Who_has_done_less_than_the_time_that_is_over_is_behind_by_so_many_people()
    {
        var half = new TargetProgress(101, 40, 0.5m);
        Assert.True(half.IsBehind);
        Assert.Equal((51, 11), (half.Expected, half.Missing));
        Assert.False(new TargetProgress(100, 50, 0.5m).IsBehind);
        Assert.Equal(0, new TargetProgress(100, 120, 1).Missing);
    }

    [Fact]
    public void A_target_of_nobody_is_done_and_one_whose_time_has_not_come_is_not_behind()
    {
        Assert.False(new TargetProgress(0, 0, 1).IsBehind);
        Assert.False(new TargetProgress(100, 0, 0).IsBehind);
    }

    [Fact]
    public void Counts_are_summed_by_what_is_asked_for_within_the_years_of_the_plan()
    {
        var counts = new ProgressCounts(
            [
                new(2020, "县人社局", 622926100, 1001, 1, 10, 9, 8, 5), new(2020, "县人社局", 622926101, 1002, 1, 0, 0, 0, 3),
                new(2020, "县妇联", 622926100, 1014, 7, 0, 0, 0, 2), new(2021, "县人社局", null, 0, 0, 4, 0, 0, 0), new(2019, "县人社局", 622926100, 1001, 1, 0, 0, 0, 99),
            ],
            2020, 2022);
        Assert.Equal(new PlaceCount(14, 9, 8, 10), counts.Of(TargetPlace.Everywhere));
        Assert.Equal(10, counts.Of(new(2020, null, null, null)).Used);
        Assert.Equal(8, counts.Of(new(2020, "县人社局", null, null)).Used);
        Assert.Equal(7, counts.Of(new(null, null, 622926100, null)).Used);
        Assert.Equal(8, counts.Of(new(null, null, null, 1)).Used);
        Assert.Equal(5, counts.Of(new(2020, null, null, 1001)).Used);
        Assert.Equal(0, counts.Of(new(2022, "县妇联", null, null)).Used);
        Assert.Equal([0, 1001], counts.ByProgramme(new(null, "县人社局", null, null)).Keys.Where(code => code != 1002).Order());
    }
}
