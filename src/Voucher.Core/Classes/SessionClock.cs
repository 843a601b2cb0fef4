namespace Voucher.Core.Classes;

/// <summary>A session of these days, as one voucher stands to it.</summary>
public sealed record NearbySession(SessionId Id, DateTimeOffset Starts, DateTimeOffset Ends, bool CheckedIn = false, bool CheckedOut = false);

/// <summary>Which session a check-in or check-out means at a given moment: one rule for the server, the merge and a terminal that is offline.</summary>
public static class SessionClock
{
    /// <summary>
    /// Open from the policy's margin before the session until its end. Who sits in one is not yet on the way to the next:
    /// a second scan by mistake must not count as coming to it.
    /// </summary>
    public static SessionStanding ForCheckIn(IEnumerable<NearbySession> sessions, DateTimeOffset at, TimeSpan margin) =>
        Choose(
            sessions.Where(s => s.Starts - margin <= at && at <= s.Ends),
            rankOf: s => s is { CheckedIn: true, CheckedOut: false } ? 0 : !s.CheckedIn ? 1 : 2);

    /// <summary>Open from the session's start until the policy's margin after its end.</summary>
    public static SessionStanding ForCheckOut(IEnumerable<NearbySession> sessions, DateTimeOffset at, TimeSpan margin) =>
        Choose(
            sessions.Where(s => s.Starts <= at && at <= s.Ends + margin),
            rankOf: s => s is { CheckedIn: true, CheckedOut: false } ? 0 : 1);

    /// <summary>Of the open sessions the one of the lowest rank, of several the earliest; else none.</summary>
    private static SessionStanding Choose(IEnumerable<NearbySession> open, Func<NearbySession, int> rankOf)
    {
        var chosen = open.OrderBy(rankOf).ThenBy(session => session.Starts).ThenBy(session => session.Id.Value).FirstOrDefault();
        return chosen is null ? new SessionStanding(null) : new SessionStanding(chosen.Id, chosen.CheckedIn, chosen.CheckedOut);
    }
}
