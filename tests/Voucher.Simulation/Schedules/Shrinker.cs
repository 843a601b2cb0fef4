using Voucher.Simulation.Oracles;
using Voucher.Simulation.Running;
using Voucher.Simulation.Worlds;

namespace Voucher.Simulation.Schedules;

/// <summary>A schedule that breaks a rule, and which.</summary>
internal sealed record Failure(Schedule Schedule, Finding Finding)
{
    /// <summary>Replays the whole schedule: the seed makes the same one again.</summary>
    public const string SeedVariable = "VOUCHER_SIMULATION_SEED";

    public override string ToString() =>
        $"{SeedVariable}={Schedule.Shape.Seed} ({Schedule.Shape.Servers} servers, {Schedule.Shape.Limits}, order {Schedule.Order})\n{Finding}\n"
        + $"{Schedule.Steps.Count} steps are enough:\n  {string.Join("\n  ", Schedule.Steps)}";
}

/// <summary>
/// Cuts a failing schedule down to what it takes to break the same rule: delta debugging over its steps, then each step made
/// plainer. Without some steps the rest may run in another order, so that each cut is tried in several.
/// </summary>
internal sealed class Shrinker
{
    /// <summary>Orders in which a cut is tried.</summary>
    public const int Orders = 6;

    /// <summary>Runs after which the best so far is given.</summary>
    public const int MostRuns = 6_000;

    private readonly Func<Schedule, Report> _run;
    private Failure _best;
    private int _runs;

    private Shrinker(Failure failure, Func<Schedule, Report> run) => (_best, _run) = (failure, run);

    public static Failure Shrink(Failure failure, Func<Schedule, Report> run)
    {
        var shrinker = new Shrinker(failure, run);
        shrinker.CutSteps();
        shrinker.FewerServers();
        shrinker.Simplify();
        shrinker.CutSteps();
        return shrinker._best;
    }

    private void CutSteps()
    {
        var size = Math.Max(1, _best.Schedule.Steps.Count / 2);
        while (_runs < MostRuns)
        {
            if (CutOne(size)) continue;
            if (size == 1) return;
            size = Math.Max(1, size / 2);
        }
    }

    /// <summary>Leaves out the first stretch of this size that is not needed.</summary>
    private bool CutOne(int size)
    {
        var steps = _best.Schedule.Steps;
        for (var from = 0; from < steps.Count && _runs < MostRuns; from += size)
            if (Try(_best.Schedule with { Steps = [.. steps.Take(from), .. steps.Skip(from + size)] })) return true;
        return false;
    }

    private void FewerServers()
    {
        while (_best.Schedule.Shape.Servers > 1)
        {
            var fewer = _best.Schedule.Shape.Servers - 1;
            var shape = _best.Schedule.Shape with { Servers = fewer };
            Step[] steps = [.. _best.Schedule.Steps.Select(step => step is StopStep stop ? stop with { Server = stop.Server % fewer } : step)];
            if (!Try(_best.Schedule with { Shape = shape, Steps = steps })) return;
        }
    }

    private void Simplify()
    {
        for (var i = 0; i < _best.Schedule.Steps.Count; i++)
        {
            TryChange(i, scan => scan with { Network = 0 });
            TryChange(i, scan => scan with { IsRepeat = false });
            TryChange(i, scan => scan with { IsSequential = false });
            TryChange(i, scan => scan with { UseSuccessor = false });
        }
    }

    private void TryChange(int index, Func<ScanStep, ScanStep> change)
    {
        if (_best.Schedule.Steps[index] is not ScanStep scan || change(scan) == scan) return;
        Step[] steps = [.. _best.Schedule.Steps];
        steps[index] = change(scan);
        Try(_best.Schedule with { Steps = steps });
    }

    private bool Try(Schedule candidate)
    {
        for (var i = 0; i < Orders && _runs < MostRuns; i++)
        {
            _runs++;
            var ordered = i == 0 ? candidate : candidate with { Order = Dice.Mix(candidate.Order, (ulong)i) };
            if (_run(ordered).Finding is not { } finding || finding.Rule != _best.Finding.Rule) continue;
            _best = new Failure(ordered, finding);
            return true;
        }
        return false;
    }
}
