using Voucher.Core.Classes;

namespace Voucher.Core.Tests.Classes;

public sealed class CompletionStandingTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 10, 0)]
    [InlineData(10, 10, 100)]
    [InlineData(2, 3, 66)]
    [InlineData(799, 1000, 79)]
    [InlineData(1, 0, 0)]
    [InlineData(11, 10, 100)]
    [InlineData(-1, 10, 0)]
    [InlineData(5, -1, 0)]
    [InlineData(int.MaxValue, 1, 100)]
    [InlineData(int.MaxValue, int.MaxValue, 100)]
    [InlineData(int.MinValue, int.MinValue, 0)]
    public void Attendance_is_whole_percent_rounded_down_and_never_outside_0_to_100(int attended, int held, int percent) =>
        Assert.Equal(percent, new CompletionStanding(attended, held, null, default).AttendancePercent);
}
