using Voucher.Core.Journals;
using Voucher.Server.Journals;

namespace Voucher.Simulation.Merging;

/// <summary>
/// A server in memory that takes journals in and merges them: the decisions are the real ones (<see cref="ChainCheck"/>,
/// <see cref="EntryTime"/>, <see cref="HolderContest"/>, <see cref="HolderAnswers"/>); what they say is written down as
/// <see cref="MergeHolder"/> and <see cref="MergeStore"/> do it.
/// </summary>
internal sealed class MergeWorld
{
    private readonly MergeHistory _history;
    private readonly BrokenMerge _broken;
    private readonly List<HeldJournal> _journals;
    private readonly Dictionary<VoucherId, StoredVoucher> _vouchers;
    private readonly Dictionary<VoucherId, Guid> _enrolledBy = [];
    private readonly Dictionary<VoucherId, IReadOnlyList<SessionMarks>> _marks = [];
    private readonly Dictionary<VoucherId, HashSet<Guid>> _cases = [];
    private readonly Dictionary<Guid, MergedScan> _scans = [];
    private long _cased;

    /// <param name="broken">The rule that this world breaks.</param>
    public MergeWorld(MergeHistory history, BrokenMerge broken = BrokenMerge.Nothing)
    {
        (_history, _broken) = (history, broken);
        _journals = [.. history.Journals.Select(journal => new HeldJournal(journal, history, broken))];
        _vouchers = history.Vouchers.ToDictionary(one => one.Voucher, one => Issued(one.Voucher, one.Person));
        foreach (var commit in history.Online) Commit(commit);
    }

    private static StoredVoucher Issued(VoucherId id, PersonId person) => new(
        new TrainingVoucher(id, VoucherKind.General, VoucherScope.Any, MergeCounty.Day.AddDays(-10), MergeCounty.Day.AddDays(80), VoucherState.Issued),
        person, "马小梅", MergeCounty.Holder, null, 1, new Core.Money.Fen(1_800_00), new BudgetLineId(1), true, new BatchId(1), []);

    private void Commit(OnlineCommit commit)
    {
        var scanned = MergeCounty.Classes.First(one => one.Id == commit.Class);
        Apply(commit.Voucher, new VoucherCommand.Enrol(scanned.ToOffer(scanned.Institution), new HolderStanding(HolderMatch.Matches)), commit.At);
        _marks[commit.Voucher] = [.. commit.Attended.Select(one => new SessionMarks(one.Session, one.In, null, one.Out, null))];
    }

    /// <summary>Takes in part of a journal; answers from where to send when entries before it have not come.</summary>
    public long? Upload(int journal, int first, int count, DateTimeOffset now)
    {
        var (added, missing) = _journals[journal].Take(first, count, now);
        foreach (var scan in added) _scans.TryAdd(scan.Id, scan);
        return missing;
    }

    public void Merge(DateTimeOffset now)
    {
        foreach (var person in _history.Vouchers.Select(one => one.Person).Distinct()) Merge(person, now);
    }

    private void Merge(PersonId person, DateTimeOffset now)
    {
        var facts = FactsOf(person);
        if (facts.Scans.Count == 0) return;
        var contest = new HolderContest(facts, _ => MergeCounty.Policy).Run();
        var settled = facts.Vouchers.ToDictionary(one => one.Key, one => new SettledVoucher(one.Value, one.Value.Voucher.InConflict, null, null, null));
        foreach (var turn in contest.Turns.OrderBy(turn => turn.TakeBack ? 0 : 1)) settled[turn.Id] = Write(turn, now);
        var answers = new HolderAnswers(facts, contest, settled, _ => MergeCounty.Policy, now);
        answers.Run();
        foreach (var (voucher, marks) in answers.Marks) Mark(voucher, marks);
        foreach (var answer in answers.Answers)
            _scans[answer.Scan.Id] = _scans[answer.Scan.Id] with { State = answer.State, IsClaim = contest.Standing.ContainsKey(answer.Scan.Id) };
        foreach (var (id, standing) in contest.Standing.Where(one => _scans.ContainsKey(one.Key)))
            _scans[id] = _scans[id] with { State = standing switch { ClaimStanding.Holds => OfflineScanState.Accepted, ClaimStanding.Lost => OfflineScanState.Refused, _ => OfflineScanState.InConflict } };
    }

    private HolderFacts FactsOf(PersonId person)
    {
        var vouchers = _vouchers.Where(one => one.Value.Person == person).ToDictionary();
        var scans = _scans.Values.Where(scan => vouchers.ContainsKey(scan.Voucher)).OrderBy(scan => scan.Bounds.To).ThenBy(scan => scan.Id).Select(Seen).ToList();
        if (_broken == BrokenMerge.RefusedStaysRefused) scans.RemoveAll(scan => scan is { State: OfflineScanState.Refused, Scan.Mode: not ScanMode.Enrol });
        var enrolled = vouchers.Values.Select(stored => stored.Voucher.Enrolment).OfType<Enrolment>().Select(one => (one.Class, CountyTime.DayOf(one.At)));
        var wanted = scans.Select(scan => (Class: new ClassId(scan.Scan.ClassId), scan.Day)).Concat(enrolled).Distinct();
        var classes = wanted.SelectMany(one => MergeCounty.Classes.Where(known => known.Id == one.Class).Select(known => (one, known))).ToDictionary(pair => pair.one, pair => pair.known);
        return new HolderFacts(vouchers, scans, classes, SessionsOf(scans), EnrolledBy(scans), _cases.Keys.Where(vouchers.ContainsKey).ToDictionary(id => id, _ => ++_cased), 0, TurnedAway: []);
    }

    private MergedScan Seen(MergedScan scan) => _broken switch
    {
        BrokenMerge.TouchingIsEarlier => scan with { Bounds = scan.Bounds with { From = scan.Bounds.From.AddTicks(1) } },
        BrokenMerge.BoundsFromUpload => scan with { Bounds = scan.Bounds with { To = scan.ReceivedAt } },
        BrokenMerge.AttendanceByArrival when scan.Scan.Mode != ScanMode.Enrol => scan with { MadeAt = MergeCounty.Start.AddMinutes((scan.ReceivedAt - MergeCounty.Start).TotalMinutes % 900) },
        _ => scan,
    };

    private Dictionary<VoucherId, Guid> EnrolledBy(List<MergedScan> scans)
    {
        var known = new Dictionary<VoucherId, Guid>(_enrolledBy);
        if (_broken == BrokenMerge.OnlineIsForgotten)
            foreach (var scan in scans.Where(scan => scan.State == OfflineScanState.Accepted && scan.Scan.Mode == ScanMode.Enrol && _vouchers[scan.Voucher].Voucher.Enrolment?.Class.Value == scan.Scan.ClassId)) known.TryAdd(scan.Voucher, scan.Id);
        return known;
    }

    private List<RecordedSession> SessionsOf(List<MergedScan> scans) =>
        [.. scans.Select(scan => (scan.Voucher, Class: new ClassId(scan.Scan.ClassId))).Distinct().Where(one => MergeCounty.Sessions.ContainsKey(one.Class))
            .SelectMany(one => MergeCounty.Sessions[one.Class].Select(session => new RecordedSession(one.Voucher, one.Class, WithOnline(one.Voucher, session))))];

    private AttendedSession WithOnline(VoucherId voucher, AttendedSession session)
    {
        var attended = _history.Online.Where(commit => commit.Voucher == voucher).SelectMany(commit => commit.Attended).Where(one => one.Session == session.Id).ToList();
        return attended.Count == 0 ? session : session with { OnlineIn = attended[0].In, OnlineOut = attended[0].Out };
    }

    private SettledVoucher Write(VoucherTurn turn, DateTimeOffset now)
    {
        var id = turn.Id;
        if (_broken == BrokenMerge.FirstArrivalWins && turn.TakeBack) return new SettledVoucher(_vouchers[id], false, null, null, null);
        if (turn.Case == CaseTurn.Open) _cases[id] = [];
        if (_cases.TryGetValue(id, out var claims)) claims.UnionWith(turn.Claims);
        if (turn.Case == CaseTurn.Close) _cases.Remove(id);
        if (turn.TakeBack) TakeBack(id, now);
        if (turn.EnrolBy is { } claim) Enrol(id, claim);
        if (turn.ShownAt is { } shown && _broken != BrokenMerge.StaysIssued) Apply(id, new VoucherCommand.HandOver(), shown.MadeAt);
        if (turn.RestOn is { } earlier && _broken != BrokenMerge.RestsOnFirst) RestOn(id, earlier);
        _vouchers[id] = _vouchers[id] with { Voucher = _vouchers[id].Voucher with { InConflict = turn.InConflict } };
        return new SettledVoucher(_vouchers[id], turn.InConflict, _cases.ContainsKey(id) ? "ZY" : null, turn.EnrolBy, turn.EnrolBy is null ? null : _vouchers[id].Events);
    }

    private void TakeBack(VoucherId id, DateTimeOffset now)
    {
        Apply(id, new VoucherCommand.Contest("ZY"), now);
        _enrolledBy.Remove(id);
        _marks.Remove(id);
    }

    private void Enrol(VoucherId id, MergedScan claim)
    {
        var scanned = MergeCounty.Classes.First(one => one.Id.Value == claim.Scan.ClassId);
        _vouchers[id] = _vouchers[id] with { Voucher = _vouchers[id].Voucher with { InConflict = false } };
        Apply(id, new VoucherCommand.Enrol(scanned.ToOffer(claim.Terminal.Institution), new HolderStanding(HolderMatch.Matches)), claim.MadeAt);
        _enrolledBy[id] = claim.Id;
    }

    private void RestOn(VoucherId id, MergedScan claim)
    {
        _enrolledBy[id] = claim.Id;
        var voucher = _vouchers[id].Voucher;
        _vouchers[id] = _vouchers[id] with { Voucher = voucher with { Enrolment = voucher.Enrolment! with { At = claim.MadeAt } } };
    }

    private void Apply(VoucherId id, VoucherCommand command, DateTimeOffset at)
    {
        var stored = _vouchers[id];
        if (VoucherMachine.Decide(stored.Voucher, command, at, MergeCounty.Policy) is not Decision.Accepted accepted)
            throw new InvalidOperationException($"{id}: the merge asks for {command.GetType().Name}, and the machine refuses.");
        _vouchers[id] = stored with { Voucher = accepted.Next, Events = stored.Events + 1 };
    }

    /// <summary>A session without a check-in has no line in the register.</summary>
    private void Mark(VoucherId voucher, IReadOnlyList<SessionMarks> marks) => _marks[voucher] = [.. marks.Where(mark => mark.In is not null)];

    /// <summary>The state of the ledger, as far as it may depend on nothing but the set of entries.</summary>
    public string State() => string.Join('\n', _vouchers.OrderBy(one => one.Key).Select(one => StateOf(one.Key, one.Value.Voucher))
        .Concat(_scans.Values.Where(scan => scan.IsClaim).OrderBy(scan => scan.Id).Select(scan => $"claim {scan.Id}: {scan.State}")));

    private string StateOf(VoucherId id, TrainingVoucher voucher) =>
        $"{id}: {voucher.State}, class {voucher.Enrolment?.Class.Value} since {voucher.Enrolment?.At:u}, conflict {voucher.InConflict}, "
        + $"by {(_enrolledBy.TryGetValue(id, out var by) ? by.ToString() : "")}, case [{string.Join(' ', (_cases.GetValueOrDefault(id) ?? []).Order())}], "
        + $"attended [{string.Join(' ', (_marks.GetValueOrDefault(id) ?? []).Select(mark => $"{mark.Session.Value}:{mark.In:u}-{mark.Out:u}"))}]";

    /// <summary>What must be of a final state by itself, told without the code that made it; <c>null</c> when it is so.</summary>
    public string? Fault()
    {
        foreach (var commit in _history.Online)
            if (_vouchers[commit.Voucher].Voucher.Enrolment?.Class != commit.Class) return $"{commit.Voucher}: what was committed online does not stand";
        var claims = _scans.Values.Where(scan => scan.IsClaim).ToList();
        foreach (var holder in claims.Where(claim => _enrolledBy.GetValueOrDefault(claim.Voucher) == claim.Id))
            foreach (var rival in claims.Where(other => Compete(holder, other) && holder.Bounds.To >= other.Bounds.From))
                if (!HasLost(rival, holder)) return $"{holder.Id} holds, and {rival.Id} may have been earlier";
        return null;
    }

    private static bool Compete(MergedScan one, MergedScan other) =>
        one.Id != other.Id && (one.Voucher == other.Voucher ? one.Scan.ClassId != other.Scan.ClassId : Person(one) == Person(other) && (one.Scan.ClassId == other.Scan.ClassId || SameDays(one, other)));

    private static long Person(MergedScan scan) => Person(scan.Voucher);

    private static long Person(VoucherId voucher) => (voucher.Value & uint.MaxValue) / 10;

    private static bool SameDays(MergedScan one, MergedScan other) => (one.Scan.ClassId == 3) == (other.Scan.ClassId == 3);

    /// <summary>To somebody else who holds, surely earlier or online.</summary>
    private bool HasLost(MergedScan rival, MergedScan but) => _vouchers.Any(one =>
        one.Value.Voucher.Enrolment is { } enrolment
        && (one.Key == rival.Voucher ? enrolment.Class.Value != rival.Scan.ClassId
            : Person(one.Key) == Person(rival) && (enrolment.Class.Value == rival.Scan.ClassId || (enrolment.Class.Value == 3) == (rival.Scan.ClassId == 3)))
        && (!_enrolledBy.TryGetValue(one.Key, out var by) || (by != but.Id && _scans[by].Bounds.To < rival.Bounds.From)));

    public int Merged => _scans.Count;

    public int InConflict => _cases.Count;

    public int Marked => _marks.Values.Sum(marks => marks.Count);
}
