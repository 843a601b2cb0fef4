using Voucher.Core;
using Voucher.Core.Classes;
using Voucher.Core.Journals;
using Voucher.Core.OfflineLists;
using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Core.Wire;

namespace Voucher.Terminal.Offline;

/// <summary>What a terminal knows of a voucher and its class while the server is away.</summary>
/// <param name="SinceContact">Since the server was last heard; <c>null</c> when nobody can say.</param>
/// <param name="Status">By the status list; <c>null</c> when the voucher is newer than the list, or there is none.</param>
/// <param name="OnRoster">As the roster has it.</param>
/// <param name="OwnScans">Of this voucher at this terminal, accepted or provisional, newest first.</param>
/// <param name="EnrolledHere">People enrolled by this terminal offline, whom no receipt closes in yet: as the server counts them.</param>
/// <param name="EnrolledInClass">People enrolled by this terminal offline in the class asked for, of whom the server has said nothing yet.</param>
internal sealed record OfflineKnowledge(
    OfflineLimits Limits, TimeSpan? SinceContact, VoucherStatus? Status, RosterEntry? OnRoster, TerminalClass? Class, IReadOnlyList<ScanRequest> OwnScans,
    int EnrolledHere, int EnrolledInClass);

/// <summary>What a terminal may say by itself.</summary>
internal abstract record OfflineVerdict
{
    private OfflineVerdict() { }

    /// <summary>Accepted, to be confirmed when the server is reached.</summary>
    public sealed record Provisional : OfflineVerdict;

    public sealed record Refused(Refusal Refusal) : OfflineVerdict;
}

/// <summary>
/// Decides without the server, as far as the county lets a terminal (docs/limits.md, Offline): attendance, and provisional enrolments within
/// limits; never completion. What is sure to be refused is refused here; what may be right is let through and confirmed later. Pure.
/// </summary>
internal static class OfflineJudge
{
    /// <param name="now">By this machine's clock, which is believed here: else nothing is judged.</param>
    public static OfflineVerdict Decide(ScanMode mode, long classId, VoucherToken? token, OfflineKnowledge known, DateTimeOffset now)
    {
        // A typed code stands for a voucher that only the server knows.
        if (token is null || mode == ScanMode.Complete) return No(RefusalCode.OnlineOnly);
        if (known.Status == VoucherStatus.Revoked) return No(RefusalCode.VoucherRevoked, "—");
        if (known.Status == VoucherStatus.Closed) return No(RefusalCode.VoucherCompleted, "—");
        if (known.Class is not { } asked) return No(RefusalCode.ClassNotKnown);
        return mode == ScanMode.Enrol ? Enrol(token, asked, known, now) : Attend(mode, token, asked, known, now);
    }

    private static OfflineVerdict Enrol(VoucherToken token, TerminalClass asked, OfflineKnowledge known, DateTimeOffset now)
    {
        var limits = known.Limits;
        if (EnrolledIn(known) is { } there)
            return No(there == asked.Id ? RefusalCode.EnrolledHere : RefusalCode.EnrolledElsewhere, "—");
        if (known.Status == VoucherStatus.Enrolled) return No(RefusalCode.EnrolledElsewhere, "—");
        if (!(known.SinceContact <= TimeSpan.FromHours(limits.EnrolHours))) return No(RefusalCode.OfflineTooLong, limits.EnrolHours);
        var today = CountyTime.DayOf(now);
        if (today > token.ValidUntil) return No(RefusalCode.VoucherExpired, CountyTime.Show(token.ValidUntil));
        if (today > asked.AccreditedUntil) return No(RefusalCode.InstitutionNotAccredited);
        if (!token.Scope.Covers((ushort)asked.ProgrammeCode, (ushort)asked.TradeCode)) return No(RefusalCode.ProgrammeNotCovered);
        var enrols = EnrolmentWindow.Of(asked.StartsOn, asked.EndsOn, limits.EnrolmentOpensDaysBefore, limits.EnrolmentClosesDaysAfter);
        if (today < enrols.OpensOn) return No(RefusalCode.EnrolmentNotOpen, CountyTime.Show(enrols.OpensOn));
        if (today > enrols.ClosesOn) return No(RefusalCode.EnrolmentClosed, CountyTime.Show(enrols.ClosesOn));
        if (asked.Enrolled + known.EnrolledInClass >= asked.Capacity) return No(RefusalCode.ClassFull, asked.Capacity);
        return known.EnrolledHere >= limits.Enrolments ? No(RefusalCode.OfflineEnrolmentsFull, limits.Enrolments) : new OfflineVerdict.Provisional();
    }

    private static OfflineVerdict Attend(ScanMode mode, VoucherToken token, TerminalClass asked, OfflineKnowledge known, DateTimeOffset now)
    {
        var limits = known.Limits;
        if (!(known.SinceContact <= TimeSpan.FromDays(limits.AttendanceDays))) return No(RefusalCode.OfflineTooLong, limits.AttendanceDays * 24);
        if (EnrolledIn(known) is { } there && there != asked.Id) return No(RefusalCode.OtherClass, "—");
        return StandingOf(mode, token, asked, known, now) switch
        {
            AttendanceStanding.NoSession => No(RefusalCode.NoSessionNow, limits.SessionMarginMinutes),
            AttendanceStanding.Already => No(mode == ScanMode.CheckIn ? RefusalCode.AlreadyCheckedIn : RefusalCode.AlreadyCheckedOut),
            _ => new OfflineVerdict.Provisional(),
        };
    }

    /// <summary>Whether the voucher is known to be enrolled in the class, or is being enrolled.</summary>
    /// <param name="ownScans">As in <see cref="OfflineKnowledge.OwnScans"/>.</param>
    public static bool IsKnown(ScanMode mode, long classId, IReadOnlyList<ScanRequest> ownScans, RosterEntry? onRoster) =>
        mode == ScanMode.Enrol || EnrolledIn(ownScans, onRoster) == classId;

    private static long? EnrolledIn(OfflineKnowledge known) => EnrolledIn(known.OwnScans, known.OnRoster);

    private static long? EnrolledIn(IReadOnlyList<ScanRequest> ownScans, RosterEntry? onRoster) =>
        ownScans.FirstOrDefault(scan => scan.Mode == ScanMode.Enrol)?.ClassId ?? onRoster?.ClassId;

    /// <summary>What the county's own merge would make of it, from what this terminal has scanned itself.</summary>
    private static AttendanceStanding StandingOf(ScanMode mode, VoucherToken token, TerminalClass asked, OfflineKnowledge known, DateTimeOffset now)
    {
        var sessions = asked.Times.Select(time => new AttendedSession(new SessionId(time.SessionId), StartOf(time), EndOf(time))).ToList();
        OfflineAttendance Of(Guid id, ScanMode mode, DateTimeOffset at) => new(id, token.Voucher, new ClassId(asked.Id), mode, at);
        var own = known.OwnScans.Where(scan => scan.ClassId == asked.Id && scan.Mode is ScanMode.CheckIn or ScanMode.CheckOut).Select(scan => Of(scan.ScanId, scan.Mode, scan.ScannedAt));
        var asking = Of(Guid.AllBitsSet, mode, now);
        var margin = TimeSpan.FromMinutes(known.Limits.SessionMarginMinutes);
        return AttendanceFold.Of(sessions, [.. own, asking], _ => margin).Standing[asking.ScanId];
    }

    public static DateTimeOffset StartOf(ClassTime time) => CountyTime.At(time.HeldOn, time.StartsAt);

    public static DateTimeOffset EndOf(ClassTime time) => CountyTime.At(time.HeldOn, time.EndsAt);

    private static OfflineVerdict.Refused No(RefusalCode code, params object[] details) => new(Refusal.Of(code, details));
}
