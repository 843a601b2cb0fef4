using System.Runtime.CompilerServices;

namespace Voucher.Simulation.Worlds;

/// <summary>The world's time for code that asks for a clock or sets a timer.</summary>
internal sealed class WorldClock(World world) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => world.Now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => world.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WorldTimer(world, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class WorldTimer(World world, TimerCallback callback, object? state) : ITimer
    {
        private Alarm? _alarm;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan) throw new NotSupportedException("Nothing here rings twice.");
            Dispose();
            if (dueTime != Timeout.InfiniteTimeSpan) _alarm = world.After(dueTime, callback, state);
            return true;
        }

        public void Dispose() => _alarm?.IsOff = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>Awaited, lets simulated time pass; cheaper than a task.</summary>
internal readonly struct Pause(World world, TimeSpan delay) : ICriticalNotifyCompletion
{
    public Pause GetAwaiter() => this;

    public bool IsCompleted => false;

    public void GetResult() { }

    public void OnCompleted(Action continuation) => world.After(delay, continuation);

    public void UnsafeOnCompleted(Action continuation) => world.After(delay, continuation);
}
