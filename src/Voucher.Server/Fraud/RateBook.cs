using System.Collections.Concurrent;
using System.Globalization;

namespace Voucher.Server.Fraud;

/// <summary>Whose scans are counted: a terminal's, or all of an institution's.</summary>
/// <param name="Kind"><c>t</c> or <c>i</c>.</param>
public readonly record struct RateKey(char Kind, int Id)
{
    public static RateKey Of(TerminalId terminal) => new('t', terminal.Value);

    public static RateKey Of(InstitutionId institution) => new('i', institution.Value);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}{Id}");
}

/// <summary>
/// Scans of the last minute, by terminal and by institution, in steps of five seconds. Counted in this process, so that no
/// scan waits for it; what the county's other servers counted is read from Redis every second (see <see cref="RateShare"/>).
/// </summary>
public sealed class RateBook
{
    /// <summary>Ids that are counted at once: terminals and institutions of a province, many times over. Then counting begins anew.</summary>
    public const int MostIds = 100_000;

    private readonly ConcurrentDictionary<RateKey, SlidingCount> _counts = new();

    /// <summary>Counts a scan, or says after how many seconds there is room again. A scan that is slowed down does not count.</summary>
    public int? Take(TerminalId terminal, int mostOfTerminal, InstitutionId institution, int mostOfInstitution, DateTimeOffset now)
    {
        var slot = SlidingCount.SlotOf(now);
        var (one, all) = (Of(RateKey.Of(terminal)), Of(RateKey.Of(institution)));
        if ((one.WaitSlots(slot, mostOfTerminal) ?? all.WaitSlots(slot, mostOfInstitution)) is { } slots)
            return Math.Max(1, (int)((slot + slots) * SlidingCount.SlotSeconds - now.ToUnixTimeSeconds()));
        one.Add(slot);
        all.Add(slot);
        return null;
    }

    /// <summary>Those that were counted within the minute; the others are forgotten.</summary>
    public IReadOnlyList<(RateKey Key, SlidingCount Count)> Active(long slot)
    {
        foreach (var (key, count) in _counts)
            if (count.IsIdle(slot)) _counts.TryRemove(key, out _);
        return [.. _counts.Select(entry => (entry.Key, entry.Value))];
    }

    private SlidingCount Of(RateKey key)
    {
        if (_counts.TryGetValue(key, out var known)) return known;
        if (_counts.Count >= MostIds) _counts.Clear();
        return _counts.GetOrAdd(key, static _ => new SlidingCount());
    }
}
