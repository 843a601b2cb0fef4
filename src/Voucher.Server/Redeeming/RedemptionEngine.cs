using System.Threading.Channels;

namespace Voucher.Server.Redeeming;

/// <summary>
/// Answers scans as fast as the database flushes its log. A scan that is alone goes straight through; others gather in a
/// lane, and the lane writes what has gathered while it was busy as one batch, without any timer.
/// </summary>
/// <remarks>
/// First presentations share one lane, so that two scans of a voucher meet in one batch and not in two transactions.
/// Repeats of what was just presented have the other: a flood of repeats must not hold up whoever comes first. Nor must one voucher
/// whose row somebody else holds: while a lane is held up, a few scans at a time go past it.
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
    public const int LargestScanBatch = 256;

    /// <summary>Up to so many scans under way, each is written by its own statement.</summary>
    public const int DirectUpTo = 1;

    /// <summary>A batch that takes longer waits for a lock or a disk: scans that come now go past it, each by its own statement.</summary>
    public static readonly TimeSpan HeldUpAfter = TimeSpan.FromMilliseconds(200);

    /// <summary>Up to so many scans under way go past a lane that is held up; others wait in it.</summary>
    public const int MostPast = 8;

    /// <summary>Longest that a caller waits for an answer before being told to ask again.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private readonly ScanBatchRunner _runner;
    private readonly TimeProvider _clock;
    private readonly EngineLimits _limits;
    private readonly Lane[] _lanes;
    private readonly Task[] _driven;
    private readonly TaskCompletionSource _isIdle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _underWay;
    private int _past;
    private volatile bool _isClosing;

    public RedemptionEngine(ScanBatchRunner runner, TimeProvider clock, EngineLimits? limits = null)
    {
        (_runner, _clock, _limits) = (runner, clock, limits ?? new EngineLimits());
        _lanes = [.. Enumerable.Range(0, Lanes).Select(_ => new Lane(_limits.QueueLength))];
        _driven = [.. _lanes.Select(DriveAsync)];
    }

    /// <summary>Scans that wait or are being written, also those whose callers no longer listen.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Scans that wait in the lanes.</summary>
    public int Waiting => _lanes.Sum(lane => lane.Queue.Reader.Count);

    /// <param name="isRepeat">Another scan presented the voucher a moment ago (<see cref="RepeatMemory"/>).</param>
    public async Task<ScanResult> RedeemAsync(PresentedScan presented, bool isRepeat)
    {
        var scan = new PendingScan(presented);
        // Counted before it is asked whether the engine closes: whoever drains it waits for this scan or has turned it away.
        var underWay = Interlocked.Increment(ref _underWay);
        if (_isClosing || !TryTake(scan, underWay, isRepeat))
        {
            End(1);
            return ScanBatchRunner.Busy(presented);
        }
        using var limit = _clock.CreateTimer(static scan => ((PendingScan)scan!).Abandon(), scan, AnswerLimit, Timeout.InfiniteTimeSpan);
        return await scan.Result;
    }

    private bool TryTake(PendingScan scan, int underWay, bool isRepeat)
    {
        var lane = _lanes[isRepeat ? 1 : 0];
        if (underWay <= _limits.DirectUpTo) _ = CarryAloneAsync(scan);
        else if (MayGoPast(lane)) _ = CarryPastAsync(scan);
        else return lane.Queue.Writer.TryWrite(scan);
        return true;
    }

    private bool MayGoPast(Lane lane)
    {
        if (!lane.IsHeldUp(_clock.GetUtcNow())) return false;
        if (Interlocked.Increment(ref _past) <= MostPast) return true;
        Interlocked.Decrement(ref _past);
        return false;
    }

    private async Task CarryPastAsync(PendingScan scan)
    {
        await CarryAloneAsync(scan);
        Interlocked.Decrement(ref _past);
    }

    /// <summary>A scan waits for the next batch only because of others in its own: alone it never does.</summary>
    private async Task CarryAloneAsync(PendingScan scan)
    {
        if (await CarryAsync([scan]) is []) return;
        scan.Fail(new InvalidOperationException("A scan that is alone was told to wait for others."));
        End(1);
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

    private async Task DriveAsync(Lane lane)
    {
        await Task.Yield(); // Nothing of a lane runs inside the constructor.
        var queue = lane.Queue.Reader;
        List<PendingScan> batch = new(_limits.LargestScanBatch);
        while (batch.Count > 0 || await queue.WaitToReadAsync())
        {
            while (batch.Count < _limits.LargestScanBatch && queue.TryRead(out var scan))
            {
                if (scan.IsAbandoned) End(1);
                else batch.Add(scan);
            }
            if (batch.Count == 0) continue;
            lane.Begin(_clock.GetUtcNow());
            var later = await CarryAsync(batch);
            lane.End();
            batch.Clear();
            batch.AddRange(later); // First in the next batch, in their order.
        }
    }

    /// <summary>Takes no more, writes what waits and what is under way, then returns.</summary>
    public async Task DrainAsync()
    {
        _isClosing = true;
        foreach (var lane in _lanes) lane.Queue.Writer.TryComplete();
        End(0);
        await Task.WhenAll(_driven);
        await _isIdle.Task;
    }

    public async ValueTask DisposeAsync() => await DrainAsync();

    /// <summary>A bounded queue, and since when the batch is under way that was taken from it last.</summary>
    private sealed class Lane(int length)
    {
        private long _begun;

        public Channel<PendingScan> Queue { get; } = Channel.CreateBounded<PendingScan>(new BoundedChannelOptions(length) { SingleReader = true });

        public void Begin(DateTimeOffset now) => Volatile.Write(ref _begun, now.UtcTicks);

        public void End() => Volatile.Write(ref _begun, 0);

        public bool IsHeldUp(DateTimeOffset now) => Volatile.Read(ref _begun) is > 0 and var begun && now.UtcTicks - begun > HeldUpAfter.Ticks;
    }
}
