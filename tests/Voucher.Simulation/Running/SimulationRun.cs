using Voucher.Simulation.Oracles;
using Voucher.Simulation.Schedules;
using Voucher.Simulation.Storage;
using Voucher.Simulation.Worlds;

namespace Voucher.Simulation.Running;

/// <param name="Trace">Tells two runs apart that did not do the same in the same order.</param>
internal sealed record Report(Finding? Finding, Tally Tally, ulong Trace);

/// <summary>One schedule in a world of its own, from its first step to the last check.</summary>
internal sealed class SimulationRun
{
    /// <summary>So long after the last step even the desk with the longest row of scans is through.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromHours(20);

    private static readonly TimeSpan LongestDrain = TimeSpan.FromMinutes(5);

    private readonly Schedule _schedule;
    private readonly CountyFile _county;
    private readonly World _world;
    private readonly Ledger _ledger;
    private readonly StorageFaults _faults = new();
    private readonly Witness _witness;
    private readonly List<Server> _servers;
    private readonly Terminals _terminals;
    private bool _isDrained;

    private SimulationRun(Schedule schedule, Broken broken)
    {
        _schedule = schedule;
        _county = new CountyFile(schedule.Shape);
        _world = new World(schedule.Order, CountyFile.Morning);
        _ledger = new Ledger(_county, broken);
        _witness = new Witness(_world, _ledger, _faults, schedule.Shape.Limits);
        _servers = [.. Enumerable.Range(0, schedule.Shape.Servers).Select(ServerOf)];
        _terminals = new Terminals(_world, _county, _ledger, _servers, _witness);
    }

    public static Report Run(Schedule schedule, Broken broken = Broken.Nothing) => new SimulationRun(schedule, broken).Run();

    private Server ServerOf(int number)
    {
        var dice = new Dice(Dice.Mix(_schedule.Shape.Seed, 100 + (ulong)number));
        var skew = dice.Chance(50) ? TimeSpan.Zero : dice.Milliseconds(-3000, 3000);
        return new Server(_world, _ledger, _faults, _schedule.Shape.Limits, Dice.Mix(_schedule.Order, 100 + (ulong)number), _witness.Report) { Skew = skew };
    }

    private Report Run()
    {
        // Servers and steps begin inside the world, so that everything they start stays in it.
        _world.After(TimeSpan.Zero, () => _servers.ForEach(server => server.Start()));
        foreach (var step in _schedule.Steps) _world.After(step.At, () => Do(step));
        var last = _schedule.Steps.Count == 0 ? TimeSpan.Zero : _schedule.Steps[^1].At;
        var isOver = false;
        _world.After(last + TimeSpan.FromSeconds(1), () =>
        {
            isOver = true;
            _faults.Stop();
            _terminals.BeCalm();
        });
        var isAnswered = _world.Run(() => _witness.First is not null || (isOver && _terminals.Open == 0), last + LongestEnd);
        if (!isAnswered) _witness.Report(new Finding("waits for ever", $"{_terminals.Open} scans have no answer: {Unanswered()}"));
        if (_witness.First is null) Drain();
        if (_witness.First is null) Check();
        _witness.Tally.Schedules = 1;
        _witness.Tally.StorageFaults = _faults.Injected;
        return new Report(_witness.First, _witness.Tally, _world.Trace);
    }

    private string Unanswered() => string.Join(", ", _terminals.Scans.Where(scan => !scan.IsDone).Take(5).Select(scan => scan.Step.Number));

    private void Do(Step step)
    {
        switch (step)
        {
            case ScanStep scan:
                _terminals.Make(scan);
                break;
            case DeskStep desk:
                _witness.Tally.DeskActs++;
                _ledger.Act(desk.Act, desk.Subject + 1, _ledger.LatestOf(_county.Papers[desk.Voucher]).Id, _world.Now);
                break;
            case FaultStep fault:
                Strike(fault);
                break;
            case StopStep stop:
                Stop(stop, _servers[stop.Server]);
                break;
        }
    }

    private void Strike(FaultStep step)
    {
        switch (step.Fault)
        {
            case StorageFault.Away:
                _faults.BeAway(_world, step.Lasts);
                break;
            case StorageFault.Slow:
                _faults.BeSlow(_world, step.Lasts);
                break;
            case StorageFault.Poison:
                _faults.Poison(_world, _county.Papers[step.Voucher].Id, step.Lasts);
                break;
            default:
                _faults.Strike(step.Fault, step.Calls);
                break;
        }
    }

    private void Stop(StopStep step, Server server)
    {
        if (step.IsOrderly)
        {
            _witness.Tally.Restarts++;
            _ = server.RestartAsync(step.Down);
        }
        else
        {
            _witness.Tally.Kills++;
            server.Kill(step.Down);
        }
    }

    private void Drain()
    {
        _world.After(TimeSpan.Zero, () => _ = DrainAllAsync());
        if (!_world.Run(() => _isDrained || _witness.First is not null, LongestDrain)) _witness.Report(new Finding("waits for ever", "the drain does not end"));
    }

    private async Task DrainAllAsync()
    {
        foreach (var life in _servers.Select(server => server.Life).OfType<ServerLife>().ToList())
            if (await life.DrainAsync() is { } finding) _witness.Report(finding);
        _isDrained = true;
    }

    private void Check()
    {
        try
        {
            var known = new Replay(_county, _ledger.Log, _witness.PresentedAt).Run();
            _witness.CheckTurned(known);
            if (_ledger.Compare(known) is { } difference) _witness.Report(new Finding("storage and history differ", difference));
            CheckOrder();
        }
        catch (FindingException finding)
        {
            _witness.Report(finding.Finding);
        }
    }

    /// <summary>Scans of one voucher at a terminal that waited for each answer stand in its history in that order.</summary>
    private void CheckOrder()
    {
        Dictionary<(int Terminal, VoucherId Voucher), int> receipts = [];
        foreach (var scan in _terminals.Scans)
        {
            if (!scan.Step.IsSequential || scan.Answer is not { Receipt: { } receipt } || scan.Step.LikeStep is not null) continue;
            var key = (scan.Step.Terminal, scan.Paper.Id);
            if (receipts.GetValueOrDefault(key) >= receipt) _witness.Report(new Finding("order not kept", $"scan {scan.Step.Number} is event {receipt}"));
            receipts[key] = receipt;
        }
    }
}
