using System.Collections.Concurrent;

namespace Voucher.Server.Fraud;

/// <summary>
/// Scans of the last minute, by terminal and by institution, in steps of five seconds. Counted in this process, so that a
/// scan pays nothing for it; what the county's other servers counted is read from Redis every second (see <see cref="RateShare"/>).
/// </summary>
public sealed class RateBook
{
    public const int SlotSeconds = 5;
    public const int Slots = 60 / SlotSeconds;

    /// <summary>Ids that are counted at once: terminals and institutions of a province, many times over.</summary>
    public const int MostIds = 100_000;

    private readonly ConcurrentDictionary<string, SlidingCount> _counts = new(StringComparer.Ordinal);

    public static long SlotOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / SlotSeconds;

    public static string KeyOf(TerminalId terminal) => $"t{terminal}";

    public static string KeyOf(InstitutionId institution) => $"i{institution}";

    /// <summary>Counts a scan, or says after how many seconds there is room again. A scan that is slowed down does not count.</summary>
    public int? Take(TerminalId terminal, int mostOfTerminal, InstitutionId institution, int mostOfInstitution, DateTimeOffset now)
    {
        var slot = SlotOf(now);
        var (one, all) = (Of(KeyOf(terminal)), Of(KeyOf(institution)));
        if ((one.WaitSlots(slot, mostOfTerminal) ?? all.WaitSlots(slot, mostOfInstitution)) is { } slots)
            return Math.Max(1, (int)((slot + slots) * SlotSeconds - now.ToUnixTimeSeconds()));
        one.Add(slot);
        all.Add(slot);
        return null;
    }

    /// <summary>Those that were counted within the minute; the others are forgotten.</summary>
    public IReadOnlyList<(string Key, SlidingCount Count)> Active(long slot)
    {
        foreach (var (key, count) in _counts)
            if (count.IsIdle(slot)) _counts.TryRemove(key, out _);
        return [.. _counts.Select(entry => (entry.Key, entry.Value))];
    }

    private SlidingCount Of(string key)
    {
        if (_counts.TryGetValue(key, out var known)) return known;
        if (_counts.Count >= MostIds) _counts.Clear();
        return _counts.GetOrAdd(key, _ => new SlidingCount());
    }
}

/// <summary>One sliding minute: what this server counted, and what the others did as far as known.</summary>
public sealed class SlidingCount
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, int> _own = [];
    private readonly Dictionary<long, int> _told = [];
    private Dictionary<long, int> _others = [];

    public void Add(long slot)
    {
        lock (_gate) _own[slot] = _own.GetValueOrDefault(slot) + 1;
    }

    /// <summary><c>null</c> while there is room; else in how many slots the oldest counted one leaves the minute.</summary>
    public int? WaitSlots(long slot, int most)
    {
        if (most == 0) return null;
        lock (_gate)
        {
            Forget(slot);
            if (_own.Values.Sum() + _others.Where(entry => IsIn(entry.Key, slot)).Sum(entry => entry.Value) < most) return null;
            var oldest = _own.Concat(_others).Where(entry => entry.Value > 0 && IsIn(entry.Key, slot)).Min(entry => entry.Key);
            return (int)(oldest + RateBook.Slots - slot);
        }
    }

    /// <summary>What was counted since it was last told to the others, by slot.</summary>
    public IReadOnlyDictionary<long, int> Untold()
    {
        lock (_gate)
            return _own.Where(entry => entry.Value > _told.GetValueOrDefault(entry.Key))
                .ToDictionary(entry => entry.Key, entry => entry.Value - _told.GetValueOrDefault(entry.Key));
    }

    /// <summary>The others have been told, and this is what all of them together count now.</summary>
    public void Told(IReadOnlyDictionary<long, int> told, IReadOnlyDictionary<long, int> total)
    {
        lock (_gate)
        {
            foreach (var (slot, count) in told) _told[slot] = _told.GetValueOrDefault(slot) + count;
            _others = total.ToDictionary(entry => entry.Key, entry => Math.Max(0, entry.Value - _told.GetValueOrDefault(entry.Key)));
        }
    }

    public bool IsIdle(long slot)
    {
        lock (_gate)
        {
            Forget(slot);
            return _own.Count == 0;
        }
    }

    private static bool IsIn(long counted, long slot) => counted > slot - RateBook.Slots && counted <= slot;

    private void Forget(long slot)
    {
        foreach (var old in _own.Keys.Where(counted => counted <= slot - RateBook.Slots).ToList())
        {
            _own.Remove(old);
            _told.Remove(old);
        }
    }
}
