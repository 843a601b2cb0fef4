using System.Diagnostics;
using Voucher.Faults.Checking;
using Voucher.Faults.County;
using Voucher.Faults.Injecting;

namespace Voucher.Faults;

/// <summary>What a run is asked to do.</summary>
/// <param name="Kinds">Which faults; all when <c>null</c>.</param>
/// <param name="Looseness">Settings of PostgreSQL that a mutant changes.</param>
/// <param name="Mutate">What a mutant does to the database once it is made.</param>
public sealed record RunPlan(int Rounds, int Seed)
{
    public IReadOnlyList<FaultKind>? Kinds { get; init; }
    public IReadOnlyList<string> Looseness { get; init; } = [];
    public string? Mutate { get; init; }

    /// <summary>A mutant is caught by the first round that finds something, and need not be waited for; a true run tells all.</summary>
    public bool IsOfMutant { get; init; }
}

/// <summary>What came of it.</summary>
public sealed record RunResult(int Faults, int Acknowledged, IReadOnlyList<Finding> Findings)
{
    public bool IsClean => Findings.Count == 0;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"faults {Faults}, acknowledged {Acknowledged}, lost {Count(FindingKind.Lost)}, doubled {Count(FindingKind.Doubled)}, violations {Count(FindingKind.Violation)}");

    private int Count(FindingKind kind) => Findings.Count(finding => finding.Kind == kind);
}

/// <summary>Rounds of load and faults over one county; healed and checked after each.</summary>
public sealed class FaultRun(RunSettings settings, RunPlan plan, TimeProvider clock, TextWriter output)
{
    private const int HoldersARound = 16;

    /// <summary>Of the round's holders so many want into a class that has room for fewer.</summary>
    private const int HoldersOfSmallClass = 4;
    private const int RoomOfSmallClass = 2;
    private const int RoomOfLargeClass = 40;
    private const int DeepEvery = 8;

    /// <summary>After all is healed, how long the last terminal may still wait for its answer.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan LongestWaitOfMutant = TimeSpan.FromSeconds(10);

    public async Task<RunResult> RunAsync(CancellationToken cancel)
    {
        var findings = new Findings(output);
        // Some of the made-up people are too young or too old for a voucher.
        await using var world = await World.StartAsync(settings, plan.Seed, people: 100 + plan.Rounds * HoldersARound * 2, plan.Looseness);
        await using var history = new History(settings.PathTo("history.jsonl"));
        using var county = await CountyAtWork.OpenAsync(world, history, findings, clock);
        var guards = await new LedgerStore(world.Database).GuardsAsync();
        if (plan.Mutate is { } sql) await MutateAsync(world, sql);
        using var ears = new LiveEars(world, county, findings);
        var checker = new Checker(world, county, history, findings, guards);
        var injector = new Injector(world, findings, output);
        foreach (var round in Schedule.Of(plan.Seed, plan.Kinds).Take(plan.Rounds))
        {
            if (cancel.IsCancellationRequested || (plan.IsOfMutant && findings.All.Count > 0)) break;
            await output.WriteLineAsync(round.ToString());
            try
            {
                var times = await RunRoundAsync(round, world, county, history, findings, injector, checker, ears);
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {times}, acknowledged {history.Acknowledged}"));
            }
            catch (Exception fault) when (fault is InvalidOperationException or TimeoutException or NpgsqlException or HttpRequestException)
            {
                // A county that cannot be healed, or does not work once healed, is a finding, and nothing more can be learnt from it.
                findings.Violate("comes-back", fault.Message);
                break;
            }
        }
        return new RunResult(injector.Injected, history.Acknowledged, findings.All);
    }

    private async Task<string> RunRoundAsync(
        PlannedRound round, World world, CountyAtWork county, History history, Findings findings, Injector injector, Checker checker, LiveEars ears)
    {
        var times = new Phases();
        var random = new Random(round.LoadSeed);
        var holders = await GatherAsync(round, county);
        var load = new Load(world, findings, round);
        using var until = new CancellationTokenSource();
        var living = load.RunAsync(holders, until.Token);
        times.End("open");
        await injector.RunAsync(round);
        times.End("faults");
        await world.HealAsync(findings);
        times.End("healing");
        until.CancelAfter(plan.IsOfMutant ? LongestWaitOfMutant : LongestWait);
        await living;
        times.End("load");
        load.Judge(holders, history);
        await checker.CheckRoundAsync(Of(round.Number), random);
        times.End("check");
        if (round.Number % DeepEvery != 0 && round.Number != plan.Rounds) return times.ToString();
        var desks = holders.Select(holder => holder.Class).Distinct().SelectMany(training => training.Institution.Terminals.Select(terminal => (terminal, training))).ToList();
        var next = 0;
        await ears.CheckAsync(desks, () => holders[next++ % holders.Count].Voucher, round.Number, random);
        await checker.CheckAllAsync(Of(round.Number), random);
        times.End("deep check");
        return times.ToString();

        List<SentScan> Of(int number) => [.. history.Scans.Where(scan => scan.Round == number)];
    }

    private static async Task<IReadOnlyList<(PaperVoucher Voucher, OpenClass Class)>> GatherAsync(PlannedRound round, CountyAtWork county)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"round {round.Number}");
        var large = await county.OpenClassAsync(county.Institutions[0], RoomOfLargeClass, name);
        var small = await county.OpenClassAsync(county.Institutions[1], RoomOfSmallClass, name);
        return [.. county.Take(HoldersARound).Select((voucher, index) => (voucher, index < HoldersOfSmallClass ? small : large))];
    }

    private static async Task MutateAsync(World world, string sql)
    {
        await using var connection = await world.Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }
}
