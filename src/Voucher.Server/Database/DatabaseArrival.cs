namespace Voucher.Server.Database;

/// <summary>
/// A server that is started before its database, or while that recovers, waits for it, as it does when it loses it later. A
/// database that answers and says no (unknown, not allowed) is told at once.
/// </summary>
public static class DatabaseArrival
{
    /// <summary>Longest wait before the start is given up: a crashed PostgreSQL of a county replays its log in less.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    /// <summary>Asks the database, and again as long as it is away.</summary>
    /// <exception cref="NpgsqlException">It did not come, or refuses this server.</exception>
    public static async Task<T> WaitForAsync<T>(Func<Task<T>> ask, TimeProvider clock, CancellationToken cancel = default)
    {
        var start = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (NpgsqlException away) when (away.IsTransient && clock.GetElapsedTime(start) < Longest)
            {
                await Task.Delay(LookAgain, clock, cancel);
            }
        }
    }
}
