namespace Voucher.Simulation.Worlds;

/// <summary>
/// One thread, one clock and one die for all that runs in a simulation. What is ready to run waits in no order: the die
/// picks the next, which is what makes a schedule random; time moves only when the world lets it.
/// </summary>
internal sealed class World : SynchronizationContext
{
    /// <summary>Now and then a timer fires although something is ready to run, as on a machine with too few cores.</summary>
    private const int HurryOneIn = 24;

    /// <summary>So far may time run ahead of what is ready.</summary>
    private static readonly TimeSpan HurryAtMost = TimeSpan.FromMilliseconds(3);

    private readonly Dice _dice;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<(SendOrPostCallback Run, object? State)> _ready = [];
    private readonly PriorityQueue<Alarm, (long At, long Number)> _alarms = new();
    private long _alarmsSet;
    private long _ticks;

    public World(ulong seed, DateTimeOffset start)
    {
        (_dice, _ticks) = (new Dice(seed), start.UtcTicks);
        Clock = new WorldClock(this);
    }

    public TimeProvider Clock { get; }

    public DateTimeOffset Now => new(_ticks, TimeSpan.Zero);

    public long Ticks => _ticks;

    /// <summary>Steps run so far.</summary>
    public long Turns { get; private set; }

    /// <summary>The same for the same schedule; differs as soon as anything ran in another order.</summary>
    public ulong Trace { get; private set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread) throw new InvalidOperationException("Something has left the world's only thread.");
        _ready.Add((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing waits for another thread here.");

    public override SynchronizationContext CreateCopy() => this;

    public Alarm After(TimeSpan delay, Action act) => After(delay, static act => ((Action)act!)(), act);

    public Alarm After(TimeSpan delay, TimerCallback ring, object? state)
    {
        var alarm = new Alarm(ring, state);
        _alarms.Enqueue(alarm, (_ticks + Math.Max(0, delay.Ticks), ++_alarmsSet));
        return alarm;
    }

    /// <summary>Awaited, lets simulated time pass.</summary>
    public Pause Wait(TimeSpan delay) => new(this, delay);

    /// <summary>Runs until <paramref name="isDone"/>; false when the time is over first or nothing is left to happen.</summary>
    public bool Run(Func<bool> isDone, TimeSpan limit)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var end = _ticks + limit.Ticks;
            while (!isDone())
                if (!Step(end)) return false;
            return true;
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private bool Step(long end)
    {
        Turns++;
        if (_ready.Count > 0 && !MayHurry()) RunOne();
        else return Ring(end);
        return true;
    }

    private bool MayHurry() =>
        _alarms.TryPeek(out _, out var next) && next.At - _ticks <= HurryAtMost.Ticks && _dice.Below(HurryOneIn) == 0;

    private void RunOne()
    {
        var index = _ready.Count == 1 ? 0 : _dice.Below(_ready.Count);
        var (run, state) = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        Trace = Dice.Mix(Trace, (ulong)index);
        run(state);
    }

    private bool Ring(long end)
    {
        while (_alarms.TryPeek(out var alarm, out var at))
        {
            if (!alarm.IsOff && at.At > end) return false;
            _alarms.Dequeue();
            if (alarm.IsOff) continue;
            _ticks = Math.Max(_ticks, at.At);
            Trace = Dice.Mix(Trace, (ulong)_ticks);
            alarm.Ring();
            return true;
        }
        return false;
    }
}

/// <summary>Something that is to happen at a time.</summary>
internal sealed class Alarm(TimerCallback ring, object? state)
{
    public bool IsOff { get; set; }

    public void Ring() => ring(state);
}
