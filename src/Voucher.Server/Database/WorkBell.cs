using System.Threading.Channels;

namespace Voucher.Server.Database;

/// <summary>
/// Wakes a worker whose queue is a table. Rung on this server when there is something to do; what another server left is
/// noticed when the worker looks by itself. However often it rings before the worker listens, that is one ring.
/// </summary>
/// <param name="lookAgain">How soon another server's unfinished work is noticed; by default <see cref="LookAgain"/>.</param>
public sealed class WorkBell(TimeSpan? lookAgain = null)
{
    /// <summary>For workers that have no reason for another pause.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);

    private readonly Channel<bool> _rung = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ring() => _rung.Writer.TryWrite(true);

    /// <summary>Until it rings, it is time to look again, or the worker is to stop.</summary>
    public async Task WaitAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(lookAgain ?? LookAgain);
        try
        {
            await _rung.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to look by itself, or to stop.
        }
    }
}
