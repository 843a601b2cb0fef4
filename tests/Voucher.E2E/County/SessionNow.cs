using Voucher.Core;

namespace Voucher.E2E.County;

/// <summary>
/// A session of a class that lasts one day, today, and is under way: so that a voucher can be enrolled, attend and be
/// completed within one test. Sessions end on the day they begin; shortly before midnight of the county the test
/// therefore waits for the next day, and in the hour before that the session begins earlier instead of ending later.
/// </summary>
public sealed record SessionNow(DateOnly Day, TimeOnly StartsAt, TimeOnly EndsAt)
{
    /// <summary>A teaching hour takes 40 minutes at least.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(50);

    private static readonly TimeSpan AlreadyUnderWay = TimeSpan.FromMinutes(20);

    /// <summary>More than a story takes from opening the class to the last scan.</summary>
    public static readonly TimeSpan StoryTakes = TimeSpan.FromMinutes(10);

    /// <summary>More than all small tests take that share one class: they take six on two idle cores.</summary>
    public static readonly TimeSpan ManyTestsTake = TimeSpan.FromMinutes(12);

    private static readonly TimeOnly LastMinute = new(23, 59);

    /// <param name="takes">So long the session is scanned in.</param>
    public static async Task<SessionNow> ChooseAsync(TimeProvider clock, TimeSpan takes)
    {
        while (TimeLeft(clock) < takes) await Task.Delay(TimeSpan.FromSeconds(5), clock);
        return At(CountyTime.ToLocal(clock.GetUtcNow()));
    }

    /// <param name="local">A moment in the county's time.</param>
    public static SessionNow At(DateTimeOffset local)
    {
        var now = TimeOnly.FromTimeSpan(local.TimeOfDay);
        var sinceMidnight = now.ToTimeSpan();
        var latestStart = LastMinute.ToTimeSpan() - Length;
        var start = sinceMidnight - AlreadyUnderWay;
        if (start < TimeSpan.Zero) start = TimeSpan.Zero;
        if (start > latestStart) start = latestStart;
        start = TimeSpan.FromMinutes(Math.Floor(start.TotalMinutes));
        return new SessionNow(DateOnly.FromDateTime(local.DateTime), TimeOnly.FromTimeSpan(start), TimeOnly.FromTimeSpan(start + Length));
    }

    private static TimeSpan TimeLeft(TimeProvider clock) => TimeSpan.FromDays(1) - CountyTime.ToLocal(clock.GetUtcNow()).TimeOfDay;
}
