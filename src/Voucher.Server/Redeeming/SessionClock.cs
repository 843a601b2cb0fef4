using Voucher.Core.Classes;

namespace Voucher.Server.Redeeming;

/// <summary>A session of today, as one voucher stands to it.</summary>
public sealed record SessionToday(SessionId Id, DateOnly HeldOn, TimeOnly StartsAt, TimeOnly EndsAt, bool CheckedIn, bool CheckedOut);

/// <summary>Which session a check-in or check-out means at a given moment.</summary>
public static class SessionClock
{
    /// <summary>Open from the policy's margin before the session until its end.</summary>
    public static SessionStanding ForCheckIn(IEnumerable<SessionToday> sessions, DateTimeOffset now, Policy policy) =>
        Choose(
            sessions.Where(s => Start(s) - Margin(policy) <= now && now <= End(s)),
            isWanted: s => !s.CheckedIn);

    /// <summary>Open from the session's start until the policy's margin after its end.</summary>
    public static SessionStanding ForCheckOut(IEnumerable<SessionToday> sessions, DateTimeOffset now, Policy policy) =>
        Choose(
            sessions.Where(s => Start(s) <= now && now <= End(s) + Margin(policy)),
            isWanted: s => s is { CheckedIn: true, CheckedOut: false });

    /// <summary>The first open session for which the act is still due, else the first open one, else none.</summary>
    private static SessionStanding Choose(IEnumerable<SessionToday> open, Func<SessionToday, bool> isWanted)
    {
        var inOrder = open.OrderBy(session => session.StartsAt).ToList();
        var chosen = inOrder.FirstOrDefault(isWanted) ?? inOrder.FirstOrDefault();
        return chosen is null ? new SessionStanding(null) : new SessionStanding(chosen.Id, chosen.CheckedIn, chosen.CheckedOut);
    }

    private static TimeSpan Margin(Policy policy) => TimeSpan.FromMinutes(policy.Parameters.SessionMarginMinutes);
    private static DateTimeOffset Start(SessionToday session) => CountyTime.At(session.HeldOn, session.StartsAt);
    private static DateTimeOffset End(SessionToday session) => CountyTime.At(session.HeldOn, session.EndsAt);
}
