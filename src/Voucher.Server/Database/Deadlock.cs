namespace Voucher.Server.Database;

/// <summary>
/// Money is moved under locks that are taken in one order. Where two transactions wait for each other all the same, PostgreSQL ends one
/// of them: it has changed nothing, and is run again.
/// </summary>
public static class Deadlock
{
    private const int MostRuns = 3;

    /// <param name="transaction">All of it, from the opening of the connection to the commit: what it read before is not true any more.</param>
    /// <exception cref="PostgresException">It was ended each time: too much is going on for it, or the order of the locks is wrong.</exception>
    public static async Task<T> RunAsync<T>(Func<Task<T>> transaction)
    {
        for (var run = 1; ; run++)
        {
            try
            {
                return await transaction();
            }
            catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.DeadlockDetected && run < MostRuns)
            {
                // The next run reads everything anew.
            }
        }
    }
}
