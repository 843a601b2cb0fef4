using System.Globalization;
using Voucher.Core.Classes;

namespace Voucher.Core.Tests.Classes;

/// <summary>Which session a scan means.</summary>
public sealed class SessionClockTests
{
    private static readonly DateOnly Day = new(2026, 9, 1);
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(60);

    private static NearbySession Session(int id, string from, string to, bool isIn = false, bool isOut = false, DateOnly? day = null) =>
        new(new SessionId(id), At(from, day), At(to, day), isIn, isOut);

    private static DateTimeOffset At(string time, DateOnly? day = null) => CountyTime.At(day ?? Day, TimeOnly.Parse(time, CultureInfo.InvariantCulture));

    [Fact]
    public void Who_sits_in_a_session_is_not_checked_in_to_the_next_by_a_second_scan()
    {
        NearbySession[] sessions = [Session(1, "08:30", "10:00", isIn: true), Session(2, "10:10", "12:00")];
        Assert.Equal(new SessionStanding(new SessionId(1), CheckedIn: true), SessionClock.ForCheckIn(sessions, At("09:30"), Margin));
    }

    [Fact]
    public void Who_has_left_or_whose_session_is_over_is_checked_in_to_the_next()
    {
        var next = new SessionStanding(new SessionId(2));
        Assert.Equal(next, SessionClock.ForCheckIn([Session(1, "08:30", "10:00", isIn: true, isOut: true), Session(2, "10:10", "12:00")], At("09:58"), Margin));
        Assert.Equal(next, SessionClock.ForCheckIn([Session(1, "08:30", "10:00", isIn: true), Session(2, "10:10", "12:00")], At("10:05"), Margin));
    }

    [Fact]
    public void The_margin_of_a_late_session_reaches_over_midnight()
    {
        var late = Session(1, "20:00", "23:30", isIn: true, day: Day.AddDays(-1));
        Assert.Equal(new SessionStanding(new SessionId(1), CheckedIn: true), SessionClock.ForCheckOut([late], At("00:15"), Margin));
        Assert.Null(SessionClock.ForCheckOut([late], CountyTime.At(Day.AddDays(-1), new TimeOnly(23, 30)) + Margin + TimeSpan.FromSeconds(1), Margin).Id);
    }

    [Fact]
    public void Of_two_nearby_days_the_earlier_session_comes_first()
    {
        NearbySession[] sessions = [Session(2, "00:20", "02:00"), Session(1, "22:00", "23:50", isIn: true, day: Day.AddDays(-1))];
        Assert.Equal(new SessionId(1), SessionClock.ForCheckOut(sessions, At("00:25"), Margin).Id);
    }
}
