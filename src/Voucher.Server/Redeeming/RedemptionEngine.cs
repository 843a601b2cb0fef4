using System.Threading.Channels;

namespace Voucher.Server.Redeeming;

/// <summary>
/// Answers scans as fast as the database flushes its log. A scan that is alone goes straight through; others gather in a
/// lane, and the lane writes what has gathered while it was busy as one batch, without any timer.
/// </summary>
/// <remarks>
/// First presentations share one lane, so that two scans of a voucher meet in one batch and not in two transactions. Scans
/// that the guard has just seen have the other: a flood of repeats must not hold up whoever comes first.
/// Every queue is bounded; a scan that finds it full is told so at once and nothing of it is kept. A scan that has been
/// taken is carried to its end, whether or not its caller still listens: the same id asks for the answer.
/// </remarks>
public sealed class RedemptionEngine : IAsyncDisposable
{
    /// <summary>One lane for first presentations and one for repeats: more lanes only make batches smaller (decision 0010).</summary>
    public const int Lanes = 2;

    /// <summary>Scans that one lane lets wait; more are told to come again.</summary>
    public const int QueueLength = 2_048;

    /// <summary>Scans in one batch at most: beyond it the statement grows faster than what it saves.</summary>
    public const int LargestBatch = 256;

    /// <summary>Up to so many scans under way, each is written by its own statement.</summary>
    public const int DirectUpTo = 1;

    /// <summary>Longest that a caller waits for an answer before being told to ask again.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private readonly BatchRunner _runner;
    private readonly TimeProvider _clock;
    private readonly EngineLimits _limits;
    private readonly Channel<PendingScan>[] _queues;
    private readonly Task[] _lanes;
    private readonly TaskCompletionSource _isIdle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _underWay;
    private volatile bool _isClosing;

    public RedemptionEngine(BatchRunner runner, TimeProvider clock, EngineLimits? limits = null)
    {
        (_runner, _clock, _limits) = (runner, clock, limits ?? new EngineLimits());
        _queues = [.. Enumerable.Range(0, Lanes).Select(_ => Channel.CreateBounded<PendingScan>(
            new BoundedChannelOptions(_limits.QueueLength) { SingleReader = true }))];
        _lanes = [.. _queues.Select(queue => DriveAsync(queue.Reader))];
    }

    /// <summary>Scans that wait or are being written, also those whose callers no longer listen.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Scans that wait in the lanes.</summary>
    public int Waiting => _queues.Sum(queue => queue.Reader.Count);

    /// <param name="isRepeat">The guard saw the voucher a moment ago in another scan.</param>
    public async Task<ScanResult> RedeemAsync(PresentedScan presented, bool isRepeat)
    {
        var scan = new PendingScan(presented);
        // Counted before it is asked whether the engine closes: whoever drains it waits for this scan or has turned it away.
        var underWay = Interlocked.Increment(ref _underWay);
        if (_isClosing || !TryTake(scan, underWay, isRepeat))
        {
            End(1);
            return BatchRunner.Busy(presented);
        }
        using var limit = _clock.CreateTimer(static scan => ((PendingScan)scan!).Abandon(), scan, AnswerLimit, Timeout.InfiniteTimeSpan);
        return await scan.Result;
    }

    private bool TryTake(PendingScan scan, int underWay, bool isRepeat)
    {
        if (underWay > _limits.DirectUpTo) return _queues[isRepeat ? 1 : 0].Writer.TryWrite(scan);
        _ = CarryAsync([scan]);
        return true;
    }

    /// <summary>
    /// Carries a batch to its end and returns what must wait for the next one. Never throws, so that a lane lives as long as
    /// the engine: a fault is told to those whose scans it met.
    /// </summary>
    private async Task<IReadOnlyList<PendingScan>> CarryAsync(IReadOnlyList<PendingScan> batch)
    {
        IReadOnlyList<PendingScan> later = [];
        try
        {
            later = await _runner.RunAsync(batch);
        }
        catch (Exception fault)
        {
            foreach (var scan in batch) scan.Fail(fault);
        }
        End(batch.Count - later.Count);
        return later;
    }

    private void End(int scans)
    {
        if (Interlocked.Add(ref _underWay, -scans) == 0 && _isClosing) _isIdle.TrySetResult();
    }

    private async Task DriveAsync(ChannelReader<PendingScan> queue)
    {
        await Task.Yield(); // Nothing of a lane runs inside the constructor.
        List<PendingScan> batch = new(_limits.LargestBatch);
        while (batch.Count > 0 || await queue.WaitToReadAsync())
        {
            while (batch.Count < _limits.LargestBatch && queue.TryRead(out var scan))
            {
                if (scan.IsAbandoned) End(1);
                else batch.Add(scan);
            }
            if (batch.Count == 0) continue;
            var later = await CarryAsync(batch);
            batch.Clear();
            batch.AddRange(later); // First in the next batch, in their order.
        }
    }

    /// <summary>Takes no more, writes what waits and what is under way, then returns.</summary>
    public async Task DrainAsync()
    {
        _isClosing = true;
        foreach (var queue in _queues) queue.Writer.TryComplete();
        End(0);
        await Task.WhenAll(_lanes);
        await _isIdle.Task;
    }

    public async ValueTask DisposeAsync() => await DrainAsync();
}
