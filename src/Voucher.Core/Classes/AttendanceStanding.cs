namespace Voucher.Core.Classes;

/// <summary>The session that is open now, as one voucher stands to it.</summary>
/// <param name="Id"><c>null</c> when no session of the class is open for this act at this moment.</param>
public sealed record SessionStanding(SessionId? Id, bool CheckedIn = false, bool CheckedOut = false);

/// <summary>What completion rests on.</summary>
/// <param name="AttendedSessions">Sessions with both check-in and check-out.</param>
/// <param name="HeldSessions">Sessions that the class was to hold.</param>
/// <param name="Passed">The assessment's result, or <c>null</c> when none is recorded.</param>
/// <param name="ClassEndsOn">Last local day of the class.</param>
public sealed record CompletionStanding(int AttendedSessions, int HeldSessions, bool? Passed, DateOnly ClassEndsOn)
{
    /// <summary>Whole percent of the sessions attended, 0–100, rounded down; 0 when the class holds none.</summary>
    public int AttendancePercent => HeldSessions <= 0 ? 0 : (int)Math.Clamp(AttendedSessions * 100L / HeldSessions, 0, 100);
}
