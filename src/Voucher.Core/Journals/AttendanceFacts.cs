using Voucher.Core.Classes;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;

namespace Voucher.Core.Journals;

/// <summary>A check-in or check-out that a terminal recorded offline.</summary>
/// <param name="At">When it was made, as far as is known.</param>
public sealed record OfflineAttendance(Guid ScanId, VoucherId Voucher, ClassId Class, ScanMode Mode, DateTimeOffset At);

/// <summary>A session of a class, and what online scans have recorded of one voucher at it.</summary>
/// <param name="OnlineIn">When the voucher was checked in online; <c>null</c> when it was not.</param>
public sealed record AttendedSession(SessionId Id, DateTimeOffset Starts, DateTimeOffset Ends, DateTimeOffset? OnlineIn = null, DateTimeOffset? OnlineOut = null);

/// <summary>What attendance at one session comes to, online and offline together.</summary>
/// <param name="InBy">The scan that counts; <c>null</c> when an online one does, or none.</param>
public sealed record SessionMarks(SessionId Session, DateTimeOffset? In, Guid? InBy, DateTimeOffset? Out, Guid? OutBy);

/// <summary>What came of one offline check-in or check-out.</summary>
public enum AttendanceStanding : short
{
    /// <summary>It is in the register.</summary>
    Recorded = 1,

    /// <summary>The register has an earlier one of the same session.</summary>
    Already = 2,

    /// <summary>No session of the class was open at that time.</summary>
    NoSession = 3,
}

/// <summary>
/// Attendance of one voucher in the class in which it is enrolled, from all that was scanned: the first check-in and the first
/// check-out of each session count, in order of time, whatever came first over the network. What online scans recorded stands.
/// </summary>
public static class AttendanceFold
{
    /// <param name="sessions">All sessions of the class.</param>
    /// <param name="scans">Whatever was scanned offline; repeats of one id are one scan.</param>
    /// <param name="marginAt">How long before a session check-in opens and after it check-out closes, by the rules of that time.</param>
    public static (IReadOnlyList<SessionMarks> Marks, IReadOnlyDictionary<Guid, AttendanceStanding> Standing) Of(
        IReadOnlyCollection<AttendedSession> sessions, IEnumerable<OfflineAttendance> scans, Func<DateTimeOffset, TimeSpan> marginAt)
    {
        var marks = sessions.ToDictionary(session => session.Id, session => new SessionMarks(session.Id, session.OnlineIn, null, session.OnlineOut, null));
        var standing = new Dictionary<Guid, AttendanceStanding>();
        foreach (var scan in scans.DistinctBy(scan => scan.ScanId).OrderBy(scan => scan.At).ThenBy(scan => scan.ScanId))
            standing[scan.ScanId] = Mark(sessions, marks, scan, marginAt(scan.At));
        return ([.. marks.Values.Where(mark => mark.In is not null || mark.Out is not null).OrderBy(mark => mark.Session.Value)], standing);
    }

    private static AttendanceStanding Mark(
        IReadOnlyCollection<AttendedSession> sessions, Dictionary<SessionId, SessionMarks> marks, OfflineAttendance scan, TimeSpan margin)
    {
        var near = sessions.Select(session => new NearbySession(
            session.Id, session.Starts, session.Ends, CheckedIn: marks[session.Id].In is not null, CheckedOut: marks[session.Id].Out is not null));
        var comes = scan.Mode == ScanMode.CheckIn;
        var meant = comes ? SessionClock.ForCheckIn(near, scan.At, margin) : SessionClock.ForCheckOut(near, scan.At, margin);
        if (meant.Id is not { } session) return AttendanceStanding.NoSession;
        if (comes ? meant.CheckedIn : meant.CheckedOut) return AttendanceStanding.Already;
        marks[session] = comes ? marks[session] with { In = scan.At, InBy = scan.ScanId } : marks[session] with { Out = scan.At, OutBy = scan.ScanId };
        return AttendanceStanding.Recorded;
    }
}
