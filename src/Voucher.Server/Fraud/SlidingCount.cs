namespace Voucher.Server.Fraud;

/// <summary>One sliding minute: what this server counted, and what the others did as far as known. Safe from any thread.</summary>
public sealed class SlidingCount
{
    public const int SlotSeconds = 5;
    public const int Slots = 60 / SlotSeconds;

    private readonly Lock _gate = new();
    private readonly Minute _own = new();
    private readonly Minute _others = new();

    /// <summary>Five seconds of all time, by number.</summary>
    public static long SlotOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / SlotSeconds;

    public void Add(long slot)
    {
        lock (_gate) _own[slot]++;
    }

    /// <summary><c>null</c> while there is room; else in how many slots the oldest counted one leaves the minute.</summary>
    /// <param name="most">0 for no limit.</param>
    public int? WaitSlots(long slot, int most)
    {
        if (most == 0) return null;
        lock (_gate)
        {
            var (total, oldest) = (0, slot);
            for (var counted = slot; counted > slot - Slots; counted--)
            {
                if (_own[counted] + _others[counted] is not (> 0 and var count)) continue;
                (total, oldest) = (total + count, counted);
            }
            return total < most ? null : (int)(oldest + Slots - slot);
        }
    }

    /// <summary>What this server counted within the minute, by slot.</summary>
    public IReadOnlyDictionary<long, int> Own(long slot)
    {
        Dictionary<long, int> own = new(Slots);
        lock (_gate)
        {
            for (var counted = slot; counted > slot - Slots; counted--)
                if (_own[counted] is > 0 and var count) own.Add(counted, count);
        }
        return own;
    }

    /// <summary>What the others counted within the minute; slots that are not told count nothing.</summary>
    public void Hear(long slot, IReadOnlyDictionary<long, int> others)
    {
        lock (_gate)
        {
            for (var counted = slot; counted > slot - Slots; counted--) _others[counted] = others.GetValueOrDefault(counted);
        }
    }

    public bool IsIdle(long slot) => Own(slot).Count == 0;

    /// <summary>The newest slots, each in the place of the one that has left the minute.</summary>
    private sealed class Minute
    {
        private readonly long[] _slots = new long[Slots];
        private readonly int[] _counts = new int[Slots];

        public int this[long slot]
        {
            get => _slots[slot % Slots] == slot ? _counts[slot % Slots] : 0;
            set => (_slots[slot % Slots], _counts[slot % Slots]) = (slot, value);
        }
    }
}
