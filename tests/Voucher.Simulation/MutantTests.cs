using Voucher.Simulation.Running;
using Voucher.Simulation.Schedules;
using Voucher.Simulation.Storage;

namespace Voucher.Simulation;

/// <summary>A world that leaves out one rule of the storage must be found out, and by few steps: else the checks show nothing.</summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    private const int MostSteps = 10;
    /// <summary>Large schedules take long to cut and find nothing more.</summary>
    private const int MostStepsBefore = 600;
    private const int MostFailures = 5;
    private const int MostSchedules = 1_000;

    public static TheoryData<Broken> Mutants => [.. Enum.GetValues<Broken>().Except([Broken.Nothing])];

    [Theory]
    [MemberData(nameof(Mutants))]
    public void A_broken_storage_is_found_out_by_a_short_schedule(Broken broken)
    {
        var found = Enumerable.Range(1, MostSchedules).Select(seed => Try((ulong)seed, broken)).OfType<Failure>().Take(MostFailures);
        // What overfills a large class takes as many scans as it has seats: another schedule may do with less.
        var small = found.Select(failure => Shrink(failure, broken)).FirstOrDefault(failure => failure.Schedule.Steps.Count <= MostSteps);
        Assert.NotNull(small);
        // What was found is the broken rule's doing: the same schedule in a sound world breaks nothing.
        Assert.Null(SimulationRun.Run(small.Schedule).Finding);
    }

    private Failure Shrink(Failure failure, Broken broken)
    {
        var small = Shrinker.Shrink(failure, schedule => SimulationRun.Run(schedule, broken));
        output.WriteLine($"from {failure.Schedule.Steps.Count} steps: {small}");
        return small;
    }

    private static Failure? Try(ulong seed, Broken broken)
    {
        var schedule = ScheduleMaker.Make(seed);
        if (schedule.Steps.Count > MostStepsBefore) return null;
        return SimulationRun.Run(schedule, broken).Finding is { } finding ? new Failure(schedule, finding) : null;
    }
}
