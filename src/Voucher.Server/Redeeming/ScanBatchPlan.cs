using Voucher.Core.Classes;
using Voucher.Core.Wire;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Redeeming;

/// <summary>
/// Decides a batch of scans in the order in which they came, each as if those before it were written already. It asks nobody and
/// writes nothing: the same scans and facts always give the same verdicts.
/// </summary>
public sealed class ScanBatchPlan
{
    private readonly IReadOnlyList<PresentedScan> _scans;
    private readonly ScanBatchFacts _facts;
    private readonly List<ScanVerdict> _verdicts;
    private readonly Dictionary<Guid, int> _taken;
    private readonly HashSet<(TerminalId, long)> _sequences;

    /// <summary>The mode in which a voucher moves in this batch, and the session it moved in.</summary>
    private readonly Dictionary<VoucherId, (ScanMode Mode, SessionId? Session)> _moved = [];

    /// <summary>Vouchers with a scan that waits for the next batch: what comes after it waits too, so that order is kept.</summary>
    private readonly HashSet<VoucherId> _waiting = [];

    /// <summary>Enrolments of this batch by person, which the facts cannot know yet.</summary>
    private readonly Dictionary<PersonId, List<(VoucherId Voucher, ScannedClass Class)>> _enrolled = [];

    /// <summary>Classes in which this batch takes seats.</summary>
    private readonly HashSet<ClassId> _seated = [];

    private ScanBatchPlan(IReadOnlyList<PresentedScan> scans, ScanBatchFacts facts)
    {
        (_scans, _facts) = (scans, facts);
        _verdicts = new List<ScanVerdict>(scans.Count);
        _taken = new Dictionary<Guid, int>(scans.Count);
        _sequences = new HashSet<(TerminalId, long)>(scans.Count);
    }

    /// <summary>One verdict for each scan. <paramref name="facts"/> is used up: it then shows the world after the batch.</summary>
    public static IReadOnlyList<ScanVerdict> Decide(IReadOnlyList<PresentedScan> scans, ScanBatchFacts facts)
    {
        var plan = new ScanBatchPlan(scans, facts);
        for (var i = 0; i < scans.Count; i++) plan._verdicts.Add(plan.Judge(i));
        return plan._verdicts;
    }

    private ScanVerdict Judge(int index)
    {
        var presented = _scans[index];
        if (_facts.Recorded[index] is { } earlier) return Repeat(presented, earlier.Terminal, earlier.ContentHash, new ScanVerdict.Known(earlier.Answer));
        if (_taken.TryGetValue(presented.Scan.ScanId, out var first))
            return Repeat(presented, _scans[first].Terminal, _scans[first].ContentHash, new ScanVerdict.SameAs(first));
        if (_facts.Terminals[index] is not { Status: TerminalStatus.Active } terminal) return Turn(presented, RefusalCode.TerminalNotActive);
        if (_facts.SequenceUsed[index] || _sequences.Contains((presented.Terminal, presented.Scan.Sequence)))
            return Turn(presented, RefusalCode.SequenceReused);
        // Not recorded: once there is a rule, the same id may be asked again and is decided then.
        if (!presented.HasRule) return Turn(presented, RefusalCode.NoRuleInForce);

        var verdict = Answer(index, presented, terminal);
        if (verdict is ScanVerdict.Write)
        {
            _taken.Add(presented.Scan.ScanId, index);
            _sequences.Add((presented.Terminal, presented.Scan.Sequence));
        }
        return verdict;
    }

    private static ScanVerdict Repeat(PresentedScan presented, TerminalId terminal, byte[] contentHash, ScanVerdict same) =>
        terminal == presented.Terminal && contentHash.AsSpan().SequenceEqual(presented.ContentHash)
            ? same
            : Turn(presented, RefusalCode.ScanIdReused);

    private static ScanVerdict.Turned Turn(PresentedScan presented, RefusalCode code) => new(Refusal.Under(presented.Policy, code));

    private ScanVerdict Answer(int index, PresentedScan presented, ScanningTerminal terminal)
    {
        if (presented.Refusal is { } unread) return Refuse(presented, terminal, unread);
        var id = presented.Voucher!.Value;
        // The register's token must say the same as the one shown; the signature may differ, the claims may not.
        if (!_facts.Vouchers.TryGetValue(id, out var stored) || !stored.Claims.AsSpan().SequenceEqual(presented.Token!.SignedBytes))
            return Refuse(presented, terminal, Refusal.Under(presented.Policy, RefusalCode.VoucherNotKnown));
        if (_waiting.Contains(id)) return new ScanVerdict.Later();
        if (_moved.TryGetValue(id, out var move) && move.Mode != presented.Scan.Mode) return Wait(id);
        return Decide(index, presented, terminal, stored);
    }

    private ScanVerdict.Later Wait(VoucherId id)
    {
        _waiting.Add(id);
        return new ScanVerdict.Later();
    }

    private ScanVerdict Decide(int index, PresentedScan presented, ScanningTerminal terminal, StoredVoucher stored)
    {
        var scanned = _facts.Classes.GetValueOrDefault((presented.Class, presented.Today));
        // A foreign class is as good as none for attendance and completion: nothing of it is told.
        if (scanned is null || (presented.Scan.Mode != ScanMode.Enrol && scanned.Institution != terminal.Institution))
            return Refuse(presented, terminal, Refusal.Under(presented.Policy, RefusalCode.ClassNotKnown), stored);
        var command = CommandOf(index, presented, terminal, stored, scanned);
        var decision = VoucherMachine.Decide(stored.Voucher, command, presented.ReceivedAt, presented.Policy);
        return decision switch
        {
            Decision.Refused(var refusal) when RestsOnThisBatch(index, presented, refusal.Code) => Wait(stored.Voucher.Id),
            Decision.Refused(var refusal) => Refuse(presented, terminal, refusal, stored, scanned),
            Decision.Accepted when _moved.ContainsKey(stored.Voucher.Id) => Wait(stored.Voucher.Id),
            Decision.Accepted when IsReleased(presented, stored) => Refuse(presented, terminal, Expired(presented, stored), stored),
            Decision.Accepted accepted => Accept(index, presented, terminal, stored, scanned, accepted),
            _ => throw new InvalidOperationException(),
        };
    }

    /// <summary>
    /// Refused only for the seats or the enrolment that others of this batch are about to take: that is not so yet, and by the
    /// time it is, somebody may have left. The next batch asks again, so that every refusal has been true at some moment.
    /// </summary>
    private bool RestsOnThisBatch(int index, PresentedScan presented, RefusalCode refusal) => refusal switch
    {
        RefusalCode.ClassFull => _seated.Contains(presented.Class),
        RefusalCode.HolderInOtherClass => _facts.Enrolment[index]?.OtherClass is null,
        _ => false,
    };

    /// <summary>
    /// The expiry run has given the money back: the voucher has expired, whatever the clock of this scan says. Asked only
    /// of what the machine accepts, so that a larger number may be said before it.
    /// </summary>
    private static bool IsReleased(PresentedScan presented, StoredVoucher stored) => presented.Scan.Mode == ScanMode.Enrol && !stored.IsReserved;

    private static Refusal Expired(PresentedScan presented, StoredVoucher stored) =>
        Refusal.Under(presented.Policy, RefusalCode.VoucherExpired, CountyTime.Show(stored.Voucher.ValidUntil));

    private VoucherCommand CommandOf(int index, PresentedScan presented, ScanningTerminal terminal, StoredVoucher stored, ScannedClass scanned) =>
        presented.Scan.Mode switch
        {
            ScanMode.Enrol => new VoucherCommand.Enrol(
                scanned.ToOffer(terminal.Institution),
                new HolderStanding(Match(presented.Scan.HolderCheck, stored.HolderCheck), OtherClass(index, stored, scanned))),
            ScanMode.CheckIn => new VoucherCommand.CheckIn(
                scanned.Id, SessionClock.ForCheckIn(SessionsOf(index, stored.Voucher.Id), presented.ReceivedAt, presented.Policy.Parameters.SessionMargin)),
            ScanMode.CheckOut => new VoucherCommand.CheckOut(
                scanned.Id, SessionClock.ForCheckOut(SessionsOf(index, stored.Voucher.Id), presented.ReceivedAt, presented.Policy.Parameters.SessionMargin)),
            ScanMode.Complete => new VoucherCommand.Complete(scanned.Id, Standing(_facts.Completion[index]!, scanned)),
            _ => throw new ArgumentOutOfRangeException(nameof(presented), presented.Scan.Mode, "Unknown scan mode."),
        };

    private static HolderMatch Match(int? shown, HolderCheck holder) => shown switch
    {
        null => HolderMatch.NotShown,
        var value when value == holder.Value => HolderMatch.Matches,
        _ => HolderMatch.Differs,
    };

    private static CompletionStanding Standing(CompletionFacts facts, ScannedClass scanned) =>
        new(facts.AttendedSessions, facts.PlannedSessions, facts.Passed, scanned.EndsOn);

    private string? OtherClass(int index, StoredVoucher stored, ScannedClass wanted)
    {
        if (_facts.Enrolment[index]?.OtherClass is { } known) return known;
        if (!_enrolled.TryGetValue(stored.Person, out var others)) return null;
        var overlapping = others.Find(other =>
            other.Voucher != stored.Voucher.Id && other.Class.StartsOn <= wanted.EndsOn && other.Class.EndsOn >= wanted.StartsOn);
        return overlapping.Class?.Name;
    }

    private List<NearbySession> SessionsOf(int index, VoucherId voucher)
    {
        var sessions = _facts.Sessions[index]!;
        if (!_moved.TryGetValue(voucher, out var move)) return sessions;
        return sessions.ConvertAll(session => session.Id != move.Session ? session
            : move.Mode == ScanMode.CheckIn ? session with { CheckedIn = true } : session with { CheckedOut = true });
    }

    private static ScanVerdict.Write Refuse(
        PresentedScan presented, ScanningTerminal terminal, Refusal refusal, StoredVoucher? stored = null, ScannedClass? scanned = null)
    {
        // Nothing is told of another institution's class.
        var told = scanned?.Institution == terminal.Institution ? scanned : null;
        return new(new ScanEntry(presented, terminal, ScanAnswers.Refused(presented, refusal, stored, told), Move: null) { Voucher = stored?.Voucher.Id });
    }

    private ScanVerdict.Write Accept(
        int index, PresentedScan presented, ScanningTerminal terminal, StoredVoucher stored, ScannedClass scanned, Decision.Accepted accepted)
    {
        // Who scanned is part of the event even where the machine need not know it.
        var step = accepted.Event with { Institution = terminal.Institution };
        var number = presented.Scan.Mode == ScanMode.Enrol ? TakeSeat(index, stored, scanned, presented.Today) : 0;
        var entry = new ScanEntry(presented, terminal, ScanAnswers.Accepted(presented, stored, scanned, stored.Events + 1), new VoucherMove(stored, step, number))
        {
            Voucher = stored.Voucher.Id,
        };
        _moved.Add(stored.Voucher.Id, (presented.Scan.Mode, step.Session));
        _facts.Vouchers[stored.Voucher.Id] = stored with { Voucher = After(accepted, step, terminal, scanned), Events = stored.Events + 1 };
        return new ScanVerdict.Write(entry);
    }

    private static TrainingVoucher After(Decision.Accepted accepted, VoucherEvent step, ScanningTerminal terminal, ScannedClass scanned) =>
        step.Kind is VoucherEventKind.CheckedIn or VoucherEventKind.CheckedOut
            ? accepted.Next
            : accepted.Next with { LastUse = new VoucherUse(step.Kind, step.At, terminal.InstitutionName, scanned.Name, terminal.Name) };

    /// <summary>Counts the new trainee in for the scans that follow; returns the person's how-manieth enrolment it is.</summary>
    private int TakeSeat(int index, StoredVoucher stored, ScannedClass scanned, DateOnly day)
    {
        _seated.Add(scanned.Id);
        _facts.Classes[(scanned.Id, day)] = scanned with { Enrolled = scanned.Enrolled + 1 };
        if (!_enrolled.TryGetValue(stored.Person, out var others)) _enrolled.Add(stored.Person, others = []);
        others.Add((stored.Voucher.Id, scanned));
        return _facts.Enrolment[index]!.NextNumber + others.Count - 1;
    }
}
