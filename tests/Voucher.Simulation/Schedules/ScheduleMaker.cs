using Voucher.Simulation.Storage;
using Voucher.Simulation.Worlds;

namespace Voucher.Simulation.Schedules;

/// <summary>
/// Makes a schedule of one seed: bursts of scans around the moments that matter in a class's two days, with the desk and
/// the faults between them.
/// </summary>
internal sealed class ScheduleMaker
{
    private static readonly TimeSpan Midnight = new(16, 0, 0);

    /// <summary>Short, so that the expiry run of the new day meets scans of the old.</summary>
    private const int MidnightMilliseconds = 40;

    /// <summary>When a burst is at its height, how long it is, and what most scans of it ask for.</summary>
    private static readonly (TimeSpan At, int Milliseconds, ScanMode Mode)[] Moments =
    [
        (new(0, 10, 0), 1500, ScanMode.Enrol),
        (new(0, 20, 0), 1500, ScanMode.Enrol),
        (new(0, 40, 0), 3000, ScanMode.CheckIn),
        (new(1, 30, 0), 3000, ScanMode.CheckOut),
        (new(14, 0, 0), 2000, ScanMode.CheckIn),
        (Midnight, MidnightMilliseconds, ScanMode.Enrol),
        (Midnight, MidnightMilliseconds, ScanMode.Enrol),
        (new(16, 30, 0), 2000, ScanMode.CheckOut),
        (new(26, 0, 0), 3000, ScanMode.Complete),
        (new(28, 0, 0), 1000, ScanMode.Complete),
        (new(40, 0, 0), 2000, ScanMode.Enrol),
    ];

    private readonly Shape _shape;
    private readonly CountyFile _county;
    private readonly Dice _dice;
    private readonly int[] _homeClass;
    private readonly List<Step> _steps = [];
    private readonly double _pace;

    private ScheduleMaker(Shape shape)
    {
        (_shape, _county, _dice) = (shape, new CountyFile(shape), new Dice(Dice.Mix(shape.Seed, 3)));
        _homeClass = [.. Enumerable.Range(0, shape.Vouchers).Select(_ => _dice.Below(shape.Classes))];
        _pace = _dice.Of(0.05, 0.3, 1, 1, 4);
    }

    public static Schedule Make(ulong seed)
    {
        var maker = new ScheduleMaker(Shape.Of(seed));
        for (var number = 1; number <= maker._shape.Steps; number++) maker._steps.Add(maker.Next(number));
        return new Schedule(maker._shape, Dice.Mix(seed, 4), [.. maker._steps.OrderBy(step => step.At)]);
    }

    private Step Next(int number)
    {
        var moment = Moments[_dice.Below(Moments.Length)];
        var width = (int)(moment.Milliseconds * (moment.At == Midnight ? 1 : _pace));
        var at = moment.At + _dice.Milliseconds(-width / 2, width / 2);
        if (_dice.Chance(_shape.FaultPercent)) return _dice.Below(3) == 0 ? Stop(number, at) : Fault(number, at);
        if (moment.Mode == ScanMode.Complete && _dice.Chance(25)) return Assess(number, at);
        if (moment.At == Midnight && _dice.Chance(10)) return new DeskStep(number, at, DeskAct.ReleaseExpired, 0, 0);
        if (_dice.Chance(5)) return Desk(number, at);
        var scan = Scan(number, at, moment.Mode);
        return _dice.Chance(3) && _steps.Count > 0 && _steps[_dice.Below(_steps.Count)] is ScanStep other ? Alike(scan, other) : scan;
    }

    private DeskStep Assess(int number, TimeSpan at) =>
        new(number, at - TimeSpan.FromMinutes(_dice.Below(3)), _dice.Chance(90) ? DeskAct.Pass : DeskAct.Fail, 0, _dice.Below(_shape.Vouchers));

    private DeskStep Desk(int number, TimeSpan at)
    {
        var act = _dice.Of(
            DeskAct.Revoke, DeskAct.Withdraw, DeskAct.Withdraw, DeskAct.Replace, DeskAct.Replace, DeskAct.ReleaseExpired, DeskAct.ReleaseExpired,
            DeskAct.Suspend, DeskAct.Reinstate, DeskAct.Reinstate, DeskAct.RevokeTerminal);
        var isRare = act == DeskAct.RevokeTerminal && _dice.Chance(90);
        return new DeskStep(
            number, at, isRare ? DeskAct.ReleaseExpired : act,
            _dice.Below(act == DeskAct.RevokeTerminal ? _shape.Terminals : _shape.Institutions), _dice.Below(_shape.Vouchers));
    }

    private FaultStep Fault(int number, TimeSpan at)
    {
        var fault = _dice.Of(
            StorageFault.BreaksBefore, StorageFault.BreaksAfter, StorageFault.BreaksAfter, StorageFault.Hangs, StorageFault.Away, StorageFault.Poison, StorageFault.Slow);
        return new FaultStep(number, at, fault, _dice.Between(1, 6), _dice.Below(_shape.Vouchers), _dice.Milliseconds(5, _dice.Of(50, 1000, 20_000)));
    }

    private StopStep Stop(int number, TimeSpan at) => new(number, at, _dice.Below(_shape.Servers), _dice.Chance(40), _dice.Milliseconds(1, 2000));

    private ScanStep Scan(int number, TimeSpan at, ScanMode usual)
    {
        var voucher = _dice.Below(_shape.Vouchers);
        var atHome = _dice.Chance(90);
        var chosen = atHome ? _homeClass[voucher] : _dice.Below(_shape.Classes + 1);
        var terminal = _dice.Chance(95) ? TerminalAt(chosen) : _dice.Below(_shape.Terminals);
        return new ScanStep(
            number, at, terminal, IsSequential: terminal % 2 == 0, _dice.Chance(80) ? usual : (ScanMode)_dice.Between(1, 4), chosen, voucher,
            UseSuccessor: _dice.Chance(40), ShownNow(), _dice.Of(HolderMatch.Matches, HolderMatch.Matches, HolderMatch.Matches, HolderMatch.Matches, CardNow()),
            LikeStep: null, LikeSequenceOnly: false, IsRepeat: _dice.Chance(20), Network: _shape.FaultPercent > 0 && _dice.Chance(40) ? _dice.Next() | 1 : 0);
    }

    /// <summary>A terminal that has lost its mind, or somebody who pretends to be it, uses what another scan has used.</summary>
    private ScanStep Alike(ScanStep scan, ScanStep other) => scan with
    {
        At = other.At + _dice.Milliseconds(0, _dice.Of(1, 10, 1000)),
        Terminal = _dice.Chance(80) ? other.Terminal : scan.Terminal,
        IsSequential = false,
        LikeStep = other.Number,
        LikeSequenceOnly = _dice.Chance(50),
    };

    private Shown ShownNow() => _dice.Below(30) switch { 0 => Shown.Unreadable, 1 => Shown.Stranger, 2 => Shown.OtherClaims, _ => Shown.Paper };

    private HolderMatch CardNow() => _dice.Of(HolderMatch.Matches, HolderMatch.Differs, HolderMatch.NotShown);

    /// <summary>A terminal of the institution that teaches the class.</summary>
    private int TerminalAt(int chosen)
    {
        var institution = chosen % _shape.Institutions;
        return institution + _shape.Institutions * _dice.Below(_shape.Terminals / _shape.Institutions);
    }
}
