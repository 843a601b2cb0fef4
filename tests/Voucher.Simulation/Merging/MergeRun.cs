namespace Voucher.Simulation.Merging;

/// <summary>Lets one history reach the server in several ways, and compares.</summary>
internal static class MergeRun
{
    /// <summary>Ways in which each history arrives.</summary>
    public const int Schedules = 3;

    /// <summary>What is wrong with the history of this seed; <c>null</c> when nothing is.</summary>
    public static string? Run(ulong seed, BrokenMerge broken, MergeTally tally)
    {
        var history = MergeHistoryMaker.Make(seed);
        string? first = null;
        for (var schedule = 0; schedule < Schedules; schedule++)
        {
            var world = new MergeWorld(history, broken);
            Arrive(world, history, new Random(unchecked((int)(seed * 31) + schedule)), schedule == 0);
            if (world.Fault() is { } fault) return $"seed {seed}, schedule {schedule}: {fault}\n{world.State()}";
            var state = world.State();
            first ??= state;
            if (state != first) return $"seed {seed}, schedule {schedule}: the final states differ\n{first}\n---\n{state}";
            if (schedule == 0) tally.Add(world);
        }
        return null;
    }

    /// <summary>
    /// Each journal in one piece and one merge at the end; or in pieces, with repeats and pieces that come too early, those of
    /// one desk between those of the others, hours or days apart, merged now and then.
    /// </summary>
    private static void Arrive(MergeWorld world, MergeHistory history, Random random, bool isPlain)
    {
        var now = MergeCounty.Start.AddDays(4);
        var sent = new int[history.Journals.Count];
        var left = Enumerable.Range(0, sent.Length).ToList();
        while (left.Count > 0)
        {
            var journal = left[isPlain ? 0 : random.Next(left.Count)];
            var entries = history.Journals[journal].Entries.Count;
            var count = isPlain ? entries : random.Next(1, entries - sent[journal] + 1);
            if (!isPlain) now = now.AddMinutes(random.Next(1, 600));
            if (!isPlain && random.Next(6) == 0) Again(world, entries, journal, sent[journal], random, now);
            sent[journal] += entries == 0 ? 0 : Sent(world, journal, sent[journal], count, now);
            if (sent[journal] == entries) left.Remove(journal);
            if (!isPlain && random.Next(3) > 0) world.Merge(now);
        }
        world.Merge(now.AddMinutes(1));
    }

    private static int Sent(MergeWorld world, int journal, int first, int count, DateTimeOffset now) =>
        world.Upload(journal, first, count, now) is { } missing ? throw new InvalidOperationException($"Nothing is missing, and entry {missing} is asked for.") : count;

    /// <summary>What was sent before comes once more, or what is not its turn yet.</summary>
    private static void Again(MergeWorld world, int entries, int journal, int sent, Random random, DateTimeOffset now)
    {
        var first = random.Next(entries);
        if (first > sent) world.Upload(journal, first, entries - first, now);
        else if (sent > 0) world.Upload(journal, Math.Min(first, sent - 1), 1, now);
    }
}

/// <summary>What happened in a run; one in which something never happened would show nothing about it.</summary>
internal sealed class MergeTally
{
    private long _histories;
    private long _scans;
    private long _conflicts;
    private long _marks;

    public void Add(MergeWorld world)
    {
        Interlocked.Increment(ref _histories);
        Interlocked.Add(ref _scans, world.Merged);
        Interlocked.Add(ref _conflicts, world.InConflict);
        Interlocked.Add(ref _marks, world.Marked);
    }

    public (long Histories, long Scans, long Conflicts, long Marks) Counts => (_histories, _scans, _conflicts, _marks);

    public override string ToString() => $"{_histories:N0} histories, each in {MergeRun.Schedules} schedules; {_scans:N0} offline scans, {_conflicts:N0} vouchers in conflict, {_marks:N0} sessions attended";
}
