namespace Voucher.Faults;

/// <summary>Waiting for what comes back by itself.</summary>
public static class Patience
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(25);

    /// <exception cref="TimeoutException">It did not come true.</exception>
    public static async Task UntilAsync(string what, TimeSpan within, Func<Task<bool>> isSo)
    {
        using var end = new CancellationTokenSource(within);
        while (!await isSo())
        {
            if (end.IsCancellationRequested) throw new TimeoutException($"After {within.TotalSeconds} s still not: {what}");
            await Task.Delay(LookAgain, CancellationToken.None);
        }
    }

    /// <summary>Tries again as long as the database is away.</summary>
    public static async Task<T> WithDatabaseAsync<T>(Func<Task<T>> ask, CancellationToken until)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception away) when (away is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException or IOException && !until.IsCancellationRequested)
            {
                await Task.Delay(LookAgain, CancellationToken.None);
            }
        }
    }
}
