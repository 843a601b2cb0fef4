namespace Voucher.Server.Tests;

/// <summary>The real clock moved by an offset that a test sets, so that days pass when the test says so.</summary>
public sealed class TestClock : TimeProvider
{
    private long _offsetTicks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _offsetTicks));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _offsetTicks, by.Ticks);

    /// <summary>Moves to the given local day and time.</summary>
    public void MoveTo(DateOnly day, TimeOnly time) => Advance(Core.CountyTime.At(day, time) - GetUtcNow());
}
