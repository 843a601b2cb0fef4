using Voucher.Core.Classes;

namespace Voucher.Server.Redeeming;

/// <summary>A session of these days, as one voucher stands to it.</summary>
public sealed record NearbySession(SessionId Id, DateOnly HeldOn, TimeOnly StartsAt, TimeOnly EndsAt, bool CheckedIn, bool CheckedOut);

/// <summary>Which session a check-in or check-out means at a given moment.</summary>
public static class SessionClock
{
    /// <summary>
    /// Open from the policy's margin before the session until its end. Who sits in one is not yet on the way to the next:
    /// a second scan by mistake must not count as coming to it.
    /// </summary>
    public static SessionStanding ForCheckIn(IEnumerable<NearbySession> sessions, DateTimeOffset now, Policy policy) =>
        Choose(
            sessions.Where(s => Start(s) - Margin(policy) <= now && now <= End(s)),
            rankOf: s => s is { CheckedIn: true, CheckedOut: false } ? 0 : !s.CheckedIn ? 1 : 2);

    /// <summary>Open from the session's start until the policy's margin after its end.</summary>
    public static SessionStanding ForCheckOut(IEnumerable<NearbySession> sessions, DateTimeOffset now, Policy policy) =>
        Choose(
            sessions.Where(s => Start(s) <= now && now <= End(s) + Margin(policy)),
            rankOf: s => s is { CheckedIn: true, CheckedOut: false } ? 0 : 1);

    /// <summary>Of the open sessions the one of the lowest rank, of several the earliest; else none.</summary>
    private static SessionStanding Choose(IEnumerable<NearbySession> open, Func<NearbySession, int> rankOf)
    {
        var chosen = open.OrderBy(rankOf).ThenBy(Start).FirstOrDefault();
        return chosen is null ? new SessionStanding(null) : new SessionStanding(chosen.Id, chosen.CheckedIn, chosen.CheckedOut);
    }

    private static TimeSpan Margin(Policy policy) => TimeSpan.FromMinutes(policy.Parameters.SessionMarginMinutes);
    private static DateTimeOffset Start(NearbySession session) => CountyTime.At(session.HeldOn, session.StartsAt);
    private static DateTimeOffset End(NearbySession session) => CountyTime.At(session.HeldOn, session.EndsAt);
}
