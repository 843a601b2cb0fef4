namespace Voucher.Core.Tests;

public sealed class CountyTimeTests
{
    [Theory]
    [InlineData(15, 59, 59, 22)]
    [InlineData(16, 0, 0, 23)]
    [InlineData(0, 0, 0, 22)]
    public void The_local_day_begins_at_16_00_UTC(int hour, int minute, int second, int day) =>
        Assert.Equal(new DateOnly(2026, 11, day), CountyTime.DayOf(new DateTimeOffset(2026, 11, 22, hour, minute, second, TimeSpan.Zero)));

    [Fact]
    public void The_offset_in_which_an_instant_is_written_does_not_matter()
    {
        var instant = new DateTimeOffset(2026, 11, 22, 23, 30, 0, CountyTime.Offset);
        Assert.Equal(new DateOnly(2026, 11, 22), CountyTime.DayOf(instant.ToOffset(TimeSpan.FromHours(-12))));
        Assert.Equal("2026-11-22 23:30", CountyTime.Show(instant.ToOffset(TimeSpan.FromHours(14))));
    }

    [Fact]
    public void There_is_no_summer_time() =>
        Assert.Equal("2026-07-01 08:00", CountyTime.Show(new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero)));

    [Fact]
    public void A_local_day_and_time_is_an_instant_and_back()
    {
        var at = CountyTime.At(new DateOnly(2026, 11, 22), new TimeOnly(9, 5));
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 1, 5, 0, TimeSpan.Zero), at);
        Assert.Equal(new DateOnly(2026, 11, 22), CountyTime.DayOf(at));
        Assert.Equal("2026-11-22 09:05", CountyTime.Show(at));
        Assert.Equal("2026-11-22", CountyTime.Show(new DateOnly(2026, 11, 22)));
    }

    [Fact]
    public void Every_instant_has_a_local_day()
    {
        Assert.Equal(DateOnly.MaxValue, CountyTime.DayOf(DateTimeOffset.MaxValue));
        Assert.Equal(DateOnly.MinValue, CountyTime.DayOf(DateTimeOffset.MinValue));
        Assert.Equal("9999-12-31 23:59", CountyTime.Show(DateTimeOffset.MaxValue));
    }
}
