namespace Voucher.Core.Settling;

/// <summary>One session of a class, as one trainee's scans show it.</summary>
/// <param name="Person">Whom the register holds for the trainee now, where two entries were merged.</param>
public sealed record ScannedSession(
    PersonId Person, long Enrolment, SessionId Session, DateOnly Day, TimeOnly StartsAt, bool CheckedIn, bool CheckedOut);

/// <summary>A day on which a person was taught.</summary>
/// <param name="Enrolment">The training to which the day is counted: that of the day's first session attended.</param>
public sealed record AttendedDay(PersonId Person, long Enrolment, DateOnly Day);

/// <summary>
/// Days that are paid for: a day counts when at least one of its sessions was attended from check-in to check-out, and it counts
/// once for a person, however many sessions or classes it had.
/// </summary>
public static class AttendedDays
{
    /// <returns>By person and day.</returns>
    public static IReadOnlyList<AttendedDay> Of(IEnumerable<ScannedSession> sessions) =>
    [
        .. sessions.Where(session => session is { CheckedIn: true, CheckedOut: true })
            .GroupBy(session => (session.Person, session.Day))
            .Select(day => day.OrderBy(session => session.StartsAt).ThenBy(session => session.Enrolment).First())
            .Select(first => new AttendedDay(first.Person, first.Enrolment, first.Day))
            .OrderBy(day => day.Person.Value).ThenBy(day => day.Day),
    ];
}
