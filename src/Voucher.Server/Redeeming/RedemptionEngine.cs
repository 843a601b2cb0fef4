using System.Threading.Channels;

namespace Voucher.Server.Redeeming;

/// <summary>
/// Answers scans as fast as the database flushes its log. With few under way each goes straight through; with many they
/// gather in lanes and every lane writes what has gathered while it was busy as one batch, without any timer.
/// </summary>
/// <remarks>
/// A voucher always takes the same lane, so that two scans of it meet in one batch and not in two transactions. Scans
/// that the guard has just seen have a lane of their own: a flood of repeats must not hold up whoever comes first.
/// Every queue is bounded; a scan that finds it full is told so at once and nothing of it is kept. A scan that has been
/// taken is carried to its end, whether or not its caller still listens: the same id asks for the answer.
/// </remarks>
public sealed class RedemptionEngine : IAsyncDisposable
{
    /// <summary>Lanes for first presentations, and beside them one for repeats.</summary>
    public const int Lanes = 2;

    /// <summary>Scans that one lane lets wait; more are told to come again.</summary>
    public const int QueueLength = 2_048;

    /// <summary>Scans in one batch at most: beyond it the statement grows faster than what it saves.</summary>
    public const int LargestBatch = 256;

    /// <summary>With fewer scans under way than this each is written by its own statement.</summary>
    public const int DirectBelow = 8;

    /// <summary>Longest that a caller waits for an answer before being told to ask again.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private readonly BatchRunner _runner;
    private readonly TimeProvider _clock;
    private readonly EngineLimits _limits;
    private readonly Channel<PendingScan>[] _queues;
    private readonly Task[] _lanes;
    private int _underWay;
    private volatile bool _isClosing;

    public RedemptionEngine(BatchRunner runner, TimeProvider clock, EngineLimits? limits = null)
    {
        (_runner, _clock, _limits) = (runner, clock, limits ?? new EngineLimits());
        _queues = [.. Enumerable.Range(0, Lanes + 1).Select(_ => Channel.CreateBounded<PendingScan>(
            new BoundedChannelOptions(_limits.QueueLength) { SingleReader = true }))];
        _lanes = [.. _queues.Select(queue => DriveAsync(queue.Reader))];
    }

    /// <summary>Scans that wait or are being written.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Scans that wait in the lanes.</summary>
    public int Waiting => _queues.Sum(queue => queue.Reader.Count);

    /// <param name="isRepeat">The guard saw the voucher a moment ago in another scan.</param>
    public async Task<ScanResult> RedeemAsync(PresentedScan presented, bool isRepeat)
    {
        if (_isClosing) return BatchRunner.Busy(presented);
        var scan = new PendingScan(presented);
        var underWay = Interlocked.Increment(ref _underWay);
        try
        {
            if (underWay <= _limits.DirectBelow) await _runner.RunAsync([scan]);
            else if (!LaneOf(presented, isRepeat).TryWrite(scan)) return BatchRunner.Busy(presented);
            using var limit = _clock.CreateTimer(static scan => ((PendingScan)scan!).Abandon(), scan, AnswerLimit, Timeout.InfiniteTimeSpan);
            return await scan.Result;
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private ChannelWriter<PendingScan> LaneOf(PresentedScan presented, bool isRepeat)
    {
        var key = presented.Voucher?.Value ?? presented.Terminal.Value;
        return _queues[isRepeat ? Lanes : (int)((ulong)key % Lanes)].Writer;
    }

    private async Task DriveAsync(ChannelReader<PendingScan> queue)
    {
        await Task.Yield(); // Nothing of a lane runs inside the constructor.
        List<PendingScan> batch = new(_limits.LargestBatch);
        while (batch.Count > 0 || await queue.WaitToReadAsync())
        {
            while (batch.Count < _limits.LargestBatch && queue.TryRead(out var scan))
                if (!scan.IsAbandoned) batch.Add(scan);
            if (batch.Count == 0) continue;
            var later = await _runner.RunAsync(batch);
            batch.Clear();
            batch.AddRange(later); // First in the next batch, in their order.
        }
    }

    /// <summary>Takes no more, writes what waits, then returns.</summary>
    public async Task DrainAsync()
    {
        _isClosing = true;
        foreach (var queue in _queues) queue.Writer.TryComplete();
        await Task.WhenAll(_lanes);
    }

    public async ValueTask DisposeAsync() => await DrainAsync();
}
