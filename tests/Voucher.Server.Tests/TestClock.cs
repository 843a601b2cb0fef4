namespace Voucher.Server.Tests;

/// <summary>
/// The real clock moved by an offset that a test sets, so that days pass when the test says so. It begins in the morning, at
/// whatever hour the tests are run, so that some hours later is still the same day.
/// </summary>
public sealed class TestClock : TimeProvider
{
    private static readonly TimeOnly Morning = new(8, 40);

    private long _offsetTicks;

    public TestClock() => MoveTo(Core.CountyTime.DayOf(System.GetUtcNow()).AddDays(1), Morning);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _offsetTicks));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _offsetTicks, by.Ticks);

    /// <summary>Moves to the given local day and time.</summary>
    public void MoveTo(DateOnly day, TimeOnly time) => Advance(Core.CountyTime.At(day, time) - GetUtcNow());
}
