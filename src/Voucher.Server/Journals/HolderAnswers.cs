using Voucher.Core.Classes;
using Voucher.Core.Journals;
using Voucher.Core.Wire;
using Voucher.Server.Redeeming;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Journals;

/// <summary>What one offline scan is answered, and the step that it takes.</summary>
/// <param name="Answer"><c>null</c> when it was answered before: a desk is told once, what counts may still change.</param>
/// <param name="Step">The event of an accepted one; <c>null</c> when refused.</param>
public sealed record OfflineAnswer(MergedScan Scan, ScanAnswer? Answer, OfflineScanState State, VoucherEvent? Step, int? EventNumber);

/// <summary>A voucher after the contest, as far as answers rest on it.</summary>
/// <param name="Stored">With the events that the contest has added.</param>
/// <param name="Case">Number of its case, if it has one now.</param>
public sealed record SettledVoucher(StoredVoucher Stored, bool InConflict, string? Case, MergedScan? EnrolledBy, int? EnrolledEvent);

/// <summary>
/// The answers to one person's offline scans, once it is known who holds which enrolment. Pure. Attendance of a voucher that
/// is enrolled nowhere yet gets none: its enrolment may still be on its way from another terminal.
/// </summary>
public sealed class HolderAnswers(HolderFacts facts, ContestOutcome contest, IReadOnlyDictionary<VoucherId, SettledVoucher> settled, Func<DateOnly, Policy> policyOn, DateTimeOffset now)
{
    /// <summary>Attendance waits for its enrolment so long after it came in.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromDays(14);

    private readonly Dictionary<VoucherId, int> _events = settled.ToDictionary(one => one.Key, one => one.Value.Stored.Events);

    public List<OfflineAnswer> Answers { get; } = [];

    /// <summary>They go on waiting.</summary>
    public List<Guid> Parked { get; } = [];

    /// <summary>What the register says of each enrolled voucher's attendance.</summary>
    public Dictionary<VoucherId, IReadOnlyList<SessionMarks>> Marks { get; } = [];

    /// <summary>How many events each voucher has after this.</summary>
    public IReadOnlyDictionary<VoucherId, int> Events => _events;

    public void Run()
    {
        foreach (var scan in facts.Scans.Where(scan => scan.State == OfflineScanState.ToMerge && scan.Scan.Mode == ScanMode.Complete)) Refuse(scan, Say(scan, RefusalCode.OnlineOnly));
        foreach (var scan in facts.Scans.Where(scan => scan.State == OfflineScanState.ToMerge && scan.Scan.Mode == ScanMode.Enrol)) AnswerClaim(scan);
        foreach (var group in facts.Scans.GroupBy(scan => scan.Voucher))
            AnswerAttendance(settled[group.Key], [.. group.Where(scan => scan.Scan.Mode is ScanMode.CheckIn or ScanMode.CheckOut)]);
    }

    private void AnswerClaim(MergedScan scan)
    {
        var voucher = settled[scan.Voucher];
        if (contest.Refused.TryGetValue(scan.Id, out var refusal)) Refuse(scan, refusal);
        else if (!contest.Standing.TryGetValue(scan.Id, out var standing)) Refuse(scan, Closed(scan, voucher));
        else if (standing == ClaimStanding.InConflict) Refuse(scan, Say(scan, RefusalCode.EnrolmentContested, voucher.Case ?? "—"), OfflineScanState.InConflict);
        else if (standing == ClaimStanding.Lost) Refuse(scan, Lost(scan, voucher));
        else if (voucher.EnrolledBy?.Id == scan.Id) AcceptEnrolment(scan, voucher);
        else Refuse(scan, Say(scan, RefusalCode.EnrolledHere, UseOf(voucher)), OfflineScanState.Accepted);
    }

    /// <summary>The voucher is out of use: the machine says why.</summary>
    private Refusal Closed(MergedScan scan, SettledVoucher voucher) =>
        VoucherMachine.Decide(voucher.Stored.Voucher, new VoucherCommand.HandOver(), scan.MadeAt, policyOn(scan.Day)) is Decision.Refused(var refusal)
            ? refusal : Say(scan, RefusalCode.NotEnrolled);

    private Refusal Lost(MergedScan scan, SettledVoucher voucher) => voucher.Stored.Voucher.Enrolment is { } elsewhere && elsewhere.Class.Value != scan.Scan.ClassId
        ? Say(scan, RefusalCode.EnrolledElsewhere, UseOf(voucher))
        : Say(scan, RefusalCode.HolderInOtherClass, OtherClassOf(scan));

    private object OtherClassOf(MergedScan scan) =>
        settled.Values.Where(other => other.Stored.Voucher.Id != scan.Voucher).Select(other => other.Stored.Voucher.Enrolment).OfType<Enrolment>()
            .Select(enrolment => facts.Classes.Where(known => known.Key.Id == enrolment.Class).Select(known => known.Value.Name).FirstOrDefault()).FirstOrDefault(name => name is not null) ?? "—";

    private static string UseOf(SettledVoucher voucher) => voucher.EnrolledBy is { } by
        ? $"{CountyTime.Show(by.MadeAt)} {by.Terminal.InstitutionName} {by.Terminal.Name}"
        : voucher.Stored.Voucher.LastUse is { } use ? $"{CountyTime.Show(use.At)} {use.Place} {use.ClassName} {use.Terminal}".Trim() : "—";

    private void AcceptEnrolment(MergedScan scan, SettledVoucher voucher) => Answers.Add(new OfflineAnswer(
        scan, ScanAnswers.Accepted(Presented(scan), voucher.Stored, ClassOf(scan)!, voucher.EnrolledEvent!.Value), OfflineScanState.Accepted, Step: null, voucher.EnrolledEvent));

    private void AnswerAttendance(SettledVoucher voucher, List<MergedScan> scans)
    {
        var waiting = scans.Where(scan => scan.State == OfflineScanState.ToMerge).ToList();
        var stored = voucher.Stored.Voucher;
        if (stored.State is VoucherState.Issued or VoucherState.Claimed) WaitOrRefuse(waiting);
        else if (stored.State != VoucherState.Enrolled) waiting.ForEach(scan => Refuse(scan, Closed(scan, voucher)));
        else Register(voucher, scans, waiting);
    }

    private void WaitOrRefuse(List<MergedScan> waiting)
    {
        foreach (var scan in waiting)
        {
            if (now - scan.ReceivedAt > LongestWait) Refuse(scan, Say(scan, RefusalCode.NotEnrolled));
            else Parked.Add(scan.Id);
        }
    }

    private void Register(SettledVoucher voucher, List<MergedScan> scans, List<MergedScan> waiting)
    {
        var stored = voucher.Stored.Voucher;
        var inClass = stored.Enrolment!.Class;
        foreach (var stray in waiting.Where(scan => scan.Scan.ClassId != inClass.Value)) Refuse(stray, Say(stray, RefusalCode.OtherClass, UseOf(voucher)));
        // Also what was refused when less was known: the register is made from all scans, whichever came first.
        var counted = scans.Where(scan => scan.Scan.ClassId == inClass.Value).ToList();
        var sessions = facts.Sessions.Where(one => one.Voucher == stored.Id && one.Class == inClass).Select(one => one.Session).ToList();
        var (marks, standing) = AttendanceFold.Of(
            sessions, [
                .. counted.Select(scan => new OfflineAttendance(scan.Id, scan.Voucher, inClass, scan.Scan.Mode, scan.MadeAt)),
                .. facts.TurnedAway.Where(scan => scan.Voucher == stored.Id && scan.Class == inClass),
            ],
            at => policyOn(CountyTime.DayOf(at)).Parameters.SessionMargin);
        Marks[stored.Id] = marks;
        foreach (var late in counted.Where(scan => scan.State == OfflineScanState.Refused && standing[scan.Id] == AttendanceStanding.Recorded))
            Accept(voucher, late, SessionOf(late, marks), late.Scan.Mode == ScanMode.CheckIn);
        foreach (var scan in counted.Where(scan => scan.State == OfflineScanState.ToMerge).OrderBy(scan => scan.MadeAt).ThenBy(scan => scan.Id))
            AnswerOne(voucher, scan, standing[scan.Id], marks);
    }

    private void AnswerOne(SettledVoucher voucher, MergedScan scan, AttendanceStanding standing, IReadOnlyList<SessionMarks> marks)
    {
        var isIn = scan.Scan.Mode == ScanMode.CheckIn;
        if (standing == AttendanceStanding.NoSession) Refuse(scan, Say(scan, RefusalCode.NoSessionNow, policyOn(scan.Day).Parameters.SessionMarginMinutes));
        else if (standing == AttendanceStanding.Already) Refuse(scan, Say(scan, isIn ? RefusalCode.AlreadyCheckedIn : RefusalCode.AlreadyCheckedOut));
        else Accept(voucher, scan, SessionOf(scan, marks), isIn);
    }

    private static SessionId SessionOf(MergedScan scan, IReadOnlyList<SessionMarks> marks) => marks.First(mark => mark.InBy == scan.Id || mark.OutBy == scan.Id).Session;

    private void Accept(SettledVoucher voucher, MergedScan scan, SessionId session, bool isIn)
    {
        var inClass = voucher.Stored.Voucher.Enrolment!.Class;
        // A check-out may come before its check-in is known: it stands for itself, and counts with it.
        VoucherCommand command = isIn
            ? new VoucherCommand.CheckIn(inClass, new SessionStanding(session))
            : new VoucherCommand.CheckOut(inClass, new SessionStanding(session, CheckedIn: true));
        if (VoucherMachine.Decide(voucher.Stored.Voucher, command, scan.MadeAt, policyOn(scan.Day)) is not Decision.Accepted accepted)
            throw new InvalidOperationException($"Voucher {scan.Voucher} is enrolled, and the machine refuses its attendance.");
        var number = ++_events[scan.Voucher];
        var step = accepted.Event with { At = now, Institution = scan.Terminal.Institution };
        var answer = scan.State == OfflineScanState.ToMerge ? ScanAnswers.Accepted(Presented(scan), voucher.Stored, ClassOf(scan)!, number) : null;
        Answers.Add(new OfflineAnswer(scan, answer, OfflineScanState.Accepted, step, number));
    }

    private void Refuse(MergedScan scan, Refusal refusal, OfflineScanState state = OfflineScanState.Refused)
    {
        var stored = settled.TryGetValue(scan.Voucher, out var voucher) ? voucher.Stored : null;
        var scanned = ClassOf(scan) is { } known && known.Institution == scan.Terminal.Institution ? known : null;
        Answers.Add(new OfflineAnswer(scan, ScanAnswers.Refused(Presented(scan), refusal, stored, scanned), state, Step: null, EventNumber: null));
    }

    private Refusal Say(MergedScan scan, RefusalCode code, params object[] details) => Refusal.Under(policyOn(scan.Day), code, details);

    private ScannedClass? ClassOf(MergedScan scan) => facts.Classes.GetValueOrDefault((new ClassId(scan.Scan.ClassId), scan.Day));

    private PresentedScan Presented(MergedScan scan) =>
        new(scan.Terminal.Id, scan.Scan, Token: null, Refusal: null, ScanRequestCheck.ContentHash(scan.Scan), now, policyOn(scan.Day));
}
