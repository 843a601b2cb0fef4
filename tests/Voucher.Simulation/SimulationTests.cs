using System.Diagnostics;
using System.Globalization;
using Voucher.Simulation.Running;
using Voucher.Simulation.Schedules;

namespace Voucher.Simulation;

/// <summary>
/// The engine of the server in worlds of chance. <c>VOUCHER_SIMULATION_SEED</c> replays the one schedule of that seed;
/// <c>VOUCHER_TEST_SEED</c> is what the fresh schedules are drawn from, else they are others in every run.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    /// <summary>Scans made at terminals in a run; with its repeats a scan is presented to an engine several times.</summary>
    private const long FixedOperations = 750_000;
    private const long FreshOperations = 250_000;

    /// <summary>The same schedules in every run.</summary>
    private const ulong FixedSeed = 2026_11_22;

    [Fact]
    public void A_million_scans_under_every_fault_are_each_answered_once_and_truly()
    {
        if (Environment.GetEnvironmentVariable(Failure.SeedVariable) is { Length: > 0 } seed)
        {
            Replay(ulong.Parse(seed, CultureInfo.InvariantCulture));
            return;
        }
        var sum = new Tally();
        Run(new Campaign(FixedSeed, FixedOperations), sum);
        Run(new Campaign(FreshSeed(), FreshOperations), sum);
        Assert.True(sum.Scans >= FixedOperations + FreshOperations);
        AssertHasSeenEverything(sum);
    }

    private static ulong FreshSeed() => Environment.GetEnvironmentVariable("VOUCHER_TEST_SEED") is { Length: > 0 } given
        ? ulong.Parse(given, CultureInfo.InvariantCulture)
        : (ulong)TimeProvider.System.GetUtcNow().UtcTicks;

    private void Run(Campaign campaign, Tally sum)
    {
        var watch = Stopwatch.StartNew();
        campaign.Run();
        output.WriteLine($"seed {campaign.Seed}: {campaign.Tally}; {watch.Elapsed.TotalSeconds:0.0} s");
        if (campaign.Failure is { } failure) Fail(failure);
        sum.Add(campaign.Tally);
    }

    private void Replay(ulong seed)
    {
        var schedule = ScheduleMaker.Make(seed);
        var report = SimulationRun.Run(schedule);
        output.WriteLine($"seed {seed}: {report.Tally}");
        if (report.Finding is { } finding) Fail(new Failure(schedule, finding));
    }

    private void Fail(Failure failure)
    {
        var small = Shrinker.Shrink(failure, schedule => SimulationRun.Run(schedule));
        output.WriteLine($"{small}");
        Assert.Fail($"{small}");
    }

    /// <summary>A run in which something never happened would show nothing about it.</summary>
    private void AssertHasSeenEverything(Tally sum)
    {
        foreach (var ((mode, code), count) in sum.Answers.OrderBy(pair => pair.Key)) output.WriteLine($"{mode} {code}: {count:N0}");
        foreach (var mode in Enum.GetValues<ScanMode>()) Assert.True(sum.Answers.GetValueOrDefault((mode, RefusalCode.None)) > 100, $"Hardly any {mode} was accepted.");
        RefusalCode[] expected =
        [
            RefusalCode.SignatureFalse, RefusalCode.VoucherNotKnown, RefusalCode.TerminalNotActive, RefusalCode.ScanIdReused, RefusalCode.SequenceReused,
            RefusalCode.TooBusy, RefusalCode.VoucherReplaced, RefusalCode.VoucherRevoked, RefusalCode.VoucherWithdrawn, RefusalCode.VoucherCompleted,
            RefusalCode.EnrolledHere, RefusalCode.EnrolledElsewhere, RefusalCode.NotEnrolled, RefusalCode.VoucherExpired, RefusalCode.HolderInOtherClass,
            RefusalCode.InstitutionNotAccredited, RefusalCode.ClassFull, RefusalCode.AlreadyCheckedIn, RefusalCode.AlreadyCheckedOut, RefusalCode.AssessmentFailed,
        ];
        Assert.All(expected, code => Assert.True(sum.Told(code) > 0, $"Nobody was told {code}."));
        Assert.True(sum is { NetworkFaults: > 0, StorageFaults: > 0, Kills: > 0, Restarts: > 0, DeskActs: > 0, Failed: > 0 });
    }

    [Fact]
    public void A_seed_replays_to_the_last_turn()
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            var schedule = ScheduleMaker.Make(seed);
            Assert.Equal(SimulationRun.Run(schedule).Trace, SimulationRun.Run(ScheduleMaker.Make(seed)).Trace);
            Assert.NotEqual(SimulationRun.Run(schedule).Trace, SimulationRun.Run(schedule with { Order = schedule.Order + 1 }).Trace);
        }
    }
}
