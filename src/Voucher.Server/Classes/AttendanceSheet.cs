using Voucher.Core.Classes;

namespace Voucher.Server.Classes;

/// <summary>What the attendance sheet (考勤表) says of one trainee at one session.</summary>
public enum AttendanceMark
{
    /// <summary>The session is not over yet and nothing was scanned.</summary>
    Due = 0,

    /// <summary>Checked in, and check-out is still possible.</summary>
    Here = 1,

    /// <summary>Checked in and out: the session counts.</summary>
    Present = 2,

    /// <summary>Checked in but never out: the session does not count.</summary>
    NotCheckedOut = 3,

    Absent = 4,
}

/// <summary>One trainee's line.</summary>
/// <param name="Marks">One for each session, in order.</param>
/// <param name="Percent">Of all sessions of the class, as completion counts it.</param>
/// <param name="Hours">Of the sessions that count.</param>
public sealed record AttendanceLine(Trainee Trainee, IReadOnlyList<AttendanceMark> Marks, int Attended, int Percent, TeachingHours Hours);

/// <summary>Attendance of a class: sessions × trainees, from scans alone.</summary>
/// <param name="Scheduled">Hours of the plan.</param>
/// <param name="Scanned">Trainee-hours that scans have shown, over all lines.</param>
public sealed record AttendanceSheet(
    IReadOnlyList<ClassSession> Sessions, IReadOnlyList<AttendanceLine> Lines, TeachingHours Scheduled, TeachingHours Scanned)
{
    /// <param name="margin">How long after its end a session's check-out stays open.</param>
    public static AttendanceSheet Of(
        IReadOnlyList<ClassSession> sessions, IEnumerable<Trainee> roster, IEnumerable<AttendanceScan> scans, DateTimeOffset now, TimeSpan margin)
    {
        var bySession = scans.ToDictionary(scan => (scan.EnrolmentId, scan.SessionId));
        var lines = roster.Where(trainee => trainee.IsActive)
            .Select(trainee => LineOf(trainee, sessions, session => bySession.GetValueOrDefault((trainee.EnrolmentId, session.Id)), now, margin))
            .ToList();
        return new AttendanceSheet(sessions, lines, Sum(sessions.Select(s => s.Teaching)), Sum(lines.Select(line => line.Hours)));
    }

    /// <summary>How many trainees were present at the session.</summary>
    public int PresentAt(int session) => Lines.Count(line => line.Marks[session] == AttendanceMark.Present);

    private static AttendanceLine LineOf(
        Trainee trainee, IReadOnlyList<ClassSession> sessions, Func<ClassSession, AttendanceScan?> scanAt, DateTimeOffset now, TimeSpan margin)
    {
        var marks = sessions.Select(session => MarkOf(scanAt(session), now, session.End, margin)).ToList();
        var counted = sessions.Where((_, index) => marks[index] == AttendanceMark.Present).ToList();
        var standing = new CompletionStanding(counted.Count, sessions.Count, trainee.HasPassed, default);
        return new AttendanceLine(trainee, marks, counted.Count, standing.AttendancePercent, Sum(counted.Select(s => s.Teaching)));
    }

    private static AttendanceMark MarkOf(AttendanceScan? scan, DateTimeOffset now, DateTimeOffset end, TimeSpan margin) => scan switch
    {
        // The same rule as in RosterStore.AttendedSessions, by which completion and claims count.
        { CheckedOutAt: not null } => AttendanceMark.Present,
        not null => now <= end + margin ? AttendanceMark.Here : AttendanceMark.NotCheckedOut,
        null => now <= end ? AttendanceMark.Due : AttendanceMark.Absent,
    };

    private static TeachingHours Sum(IEnumerable<TeachingHours> hours) => hours.Aggregate(default(TeachingHours), (sum, one) => sum + one);
}
