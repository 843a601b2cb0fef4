using Voucher.Simulation.Schedules;
using Voucher.Simulation.Storage;
using Voucher.Simulation.Worlds;

namespace Voucher.Simulation.Running;

/// <summary>Schedule after schedule, each from a seed of its own that follows from the first, on every core.</summary>
internal sealed class Campaign(ulong seed, long operations, Broken broken = Broken.Nothing)
{
    private readonly Lock _lock = new();
    private int _next = -1;

    public ulong Seed => seed;

    public Tally Tally { get; } = new();

    /// <summary>Of several failing schedules the first that was met.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>Runs until so many scans were made at terminals, or a rule was broken; worlds share nothing.</summary>
    public void Run()
    {
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }

    private void Work()
    {
        while (Failure is null && Tally.Scans < operations)
        {
            var schedule = ScheduleMaker.Make(Dice.Mix(seed, (ulong)Interlocked.Increment(ref _next)));
            var report = SimulationRun.Run(schedule, broken);
            lock (_lock)
            {
                Tally.Add(report.Tally);
                if (report.Finding is { } finding) Failure ??= new Failure(schedule, finding);
            }
        }
    }
}
