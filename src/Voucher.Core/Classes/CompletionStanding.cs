namespace Voucher.Core.Classes;

/// <summary>What completion rests on.</summary>
/// <param name="AttendedSessions">Sessions with both check-in and check-out.</param>
/// <param name="PlannedSessions">All sessions of the class.</param>
/// <param name="Passed">The assessment's result, or <c>null</c> when none is recorded.</param>
/// <param name="ClassEndsOn">Last local day of the class.</param>
public sealed record CompletionStanding(int AttendedSessions, int PlannedSessions, bool? Passed, DateOnly ClassEndsOn)
{
    /// <summary>Whole percent of the sessions attended, 0–100, rounded down; 0 when the class holds none.</summary>
    public int AttendancePercent => PlannedSessions <= 0 ? 0 : (int)Math.Clamp(AttendedSessions * 100L / PlannedSessions, 0, 100);
}
