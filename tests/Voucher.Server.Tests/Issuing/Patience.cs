namespace Voucher.Server.Tests.Issuing;

/// <summary>Waiting for what another part of the server does, with an end and a word for it.</summary>
public static class Patience
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20), Longest = TimeSpan.FromMinutes(1);

    /// <exception cref="TimeoutException">It did not come true within a minute.</exception>
    public static async Task UntilAsync(Func<Task<bool>> isSo, string otherwise)
    {
        using var end = new CancellationTokenSource(Longest);
        while (!await isSo())
        {
            if (end.IsCancellationRequested) throw new TimeoutException(otherwise);
            await Task.Delay(LookAgain, CancellationToken.None);
        }
    }
}
