using Voucher.Server.Redeeming;
using Voucher.Simulation.Storage;

namespace Voucher.Simulation.Oracles;

/// <summary>
/// Walks through what was committed, in its order, and holds each entry against the world as it then was. Throws the first
/// finding.
/// </summary>
internal sealed class Replay(CountyFile county, IReadOnlyList<Committed> log, Func<PresentedScan, int> presentedAt)
{
    private readonly KnownWorld _world = new(county);
    private readonly HashSet<Guid> _ids = [];
    private readonly HashSet<(TerminalId, long)> _sequences = [];

    public KnownWorld Run()
    {
        // Refusals may have been true at the end of their own batch: they are looked at when all of it is known.
        List<(Committed.Scan Scan, int Version)> refused = [];
        for (var version = 0; version < log.Count; version++)
        {
            if (log[version] is Committed.Act act) Follow(act, version + 1);
            if (log[version] is not Committed.Scan scan) continue;
            Once(scan.Entry);
            if (scan.Entry.Move is { } move) Follow(scan.Entry, move, version);
            else refused.Add((scan, version));
        }
        foreach (var (scan, version) in refused) Justify(scan.Entry, version, scan.BatchEnd);
        return _world;
    }

    private void Once(ScanEntry entry)
    {
        var scan = entry.Presented.Scan;
        if (!_ids.Add(scan.ScanId)) throw new FindingException("written twice", $"scan {scan.ScanId}");
        if (!_sequences.Add((entry.Presented.Terminal, scan.Sequence))) throw new FindingException("sequence used twice", $"{scan.Sequence} of terminal {entry.Presented.Terminal}");
    }

    /// <summary>The answer was the right one at some instant between the scan's presentation and its commit.</summary>
    private void Justify(ScanEntry entry, int version, int latest)
    {
        var told = (RefusalCode)entry.Answer.Refusal;
        if (_world.Judge(entry.Presented, version) == told) return;
        var earliest = presentedAt(entry.Presented);
        for (var instant = latest; instant >= earliest; instant--)
            if (_world.Judge(entry.Presented, instant) == told) return;
        throw new FindingException("answer never true", $"{Describe(entry)} was told {told}; at its commit the answer was {_world.Judge(entry.Presented, version)}");
    }

    private static string Describe(ScanEntry entry) =>
        $"scan {entry.Presented.Scan.Sequence} ({entry.Presented.Scan.Mode}, voucher {entry.Presented.Voucher}, class {entry.Presented.Class}, terminal {entry.Presented.Terminal})";

    private void Follow(ScanEntry entry, VoucherMove move, int version)
    {
        Justify(entry, version, version);
        var id = entry.Voucher!.Value;
        var before = _world.Now(id);
        if (move.Step.From != before.State) throw new FindingException("no path of the machine", $"{Describe(entry)} moved from {move.Step.From}, the voucher was {before.State}");
        if (entry.Answer.Receipt != before.Events + 1) throw new FindingException("no path of the machine", $"{Describe(entry)} is event {entry.Answer.Receipt} after {before.Events}");
        _world.Set(id, version + 1, After(entry, move, before, version) with { Events = before.Events + 1 });
    }

    private KnownVoucher After(ScanEntry entry, VoucherMove move, KnownVoucher before, int version)
    {
        var moved = before with { Voucher = before.Voucher with { State = move.Step.To } };
        return move.Step.Kind switch
        {
            VoucherEventKind.Enrolled => Enrol(entry, moved, version),
            VoucherEventKind.CheckedIn => moved with { CheckedIn = Mark(entry, move, before.CheckedIn, isExpected: true) },
            VoucherEventKind.CheckedOut => moved with { CheckedOut = Mark(entry, move, before.CheckedOut, isExpected: (before.CheckedIn & MarkOf(entry, move)) != 0) },
            VoucherEventKind.Completed => moved,
            _ => throw new FindingException("no path of the machine", $"{Describe(entry)} made {move.Step.Kind}"),
        };
    }

    private uint MarkOf(ScanEntry entry, VoucherMove move) => 1u << _world.Taught(entry.Presented.Class).IndexOf(move.Step.Session!.Value);

    private uint Mark(ScanEntry entry, VoucherMove move, uint marks, bool isExpected)
    {
        var mark = MarkOf(entry, move);
        if ((marks & mark) != 0 || !isExpected) throw new FindingException("no path of the machine", $"{Describe(entry)} {move.Step.Kind} twice or before coming");
        return marks | mark;
    }

    private KnownVoucher Enrol(ScanEntry entry, KnownVoucher moved, int version)
    {
        var taught = _world.Taught(entry.Presented.Class);
        var enrolled = _world.Seat(taught.Offer.Id, version + 1, +1);
        if (enrolled > taught.Offer.Capacity) throw new FindingException("over capacity", $"{Describe(entry)}: {enrolled} of {taught.Offer.Capacity} seats");
        if (!moved.IsReserved) throw new FindingException("no money", $"{Describe(entry)} enrolled a voucher whose money was given back");
        if (_world.HasOverlap(entry.Voucher!.Value, taught.Offer.Id, version)) throw new FindingException("in two classes", Describe(entry));
        var enrolment = new Enrolment(taught.Offer.Id, taught.Offer.Institution, entry.Presented.ReceivedAt);
        return moved with { Voucher = moved.Voucher with { Enrolment = enrolment } };
    }

    private void Follow(Committed.Act act, int version)
    {
        switch (act.Deed)
        {
            case DeskAct.Suspend or DeskAct.Reinstate:
                _world.Suspend(new InstitutionId(act.Subject), version, act.Deed == DeskAct.Suspend);
                return;
            case DeskAct.RevokeTerminal:
                _world.Revoke(new TerminalId(act.Subject), version);
                return;
        }
        var before = _world.Now(act.Voucher);
        _world.Set(act.Voucher, version, act.Deed switch
        {
            DeskAct.Pass or DeskAct.Fail => before with { HasPassed = act.Deed == DeskAct.Pass },
            DeskAct.ReleaseExpired => before with { IsReserved = false },
            DeskAct.Replace => Replace(act, before, version),
            _ => Close(act, before, version),
        });
    }

    private KnownVoucher Close(Committed.Act act, KnownVoucher before, int version)
    {
        if (before.Voucher.Enrolment is { } enrolment) _world.Seat(enrolment.Class, version, -1);
        var state = act.Deed == DeskAct.Revoke ? VoucherState.Revoked : VoucherState.Withdrawn;
        return before with { IsReserved = false, Events = before.Events + 1, Voucher = before.Voucher with { State = state, Enrolment = null }, CheckedIn = 0, CheckedOut = 0 };
    }

    private KnownVoucher Replace(Committed.Act act, KnownVoucher before, int version)
    {
        var successor = KnownWorld.Fresh(act.Successor!, before.State, (int)before.State);
        _world.Add(act.Successor!, version, before with { Voucher = successor.Voucher with { Enrolment = before.Voucher.Enrolment }, Events = successor.Events });
        return before with
        {
            IsReserved = false, Events = before.Events + 1, CheckedIn = 0, CheckedOut = 0,
            Voucher = before.Voucher with { State = VoucherState.Replaced, Enrolment = null, ReplacedBy = act.Successor!.Id },
        };
    }
}
