using System.Diagnostics;
using Voucher.Core.Wire;
using Voucher.Server.Operating;

namespace Voucher.Server.Redeeming;

/// <summary>
/// Takes a batch of scans from facts to answers: reads, decides, writes, and does it again where another writer was first or the
/// database was away. Nobody is answered before the batch is written.
/// </summary>
public sealed partial class ScanBatchRunner(IScanLedger ledger, TimeProvider clock, ILogger<ScanBatchRunner> log)
{
    /// <summary>How often a batch is tried as a whole before its scans are taken one by one.</summary>
    public const int TriesTogether = 3;

    /// <summary>How often a scan is tried for itself before it is answered busy.</summary>
    public const int TriesAlone = 8;

    /// <summary>Pause before trying again when the database was away, in milliseconds; doubled each time.</summary>
    public const int FirstPauseMilliseconds = 20;

    /// <summary>How soon a scan that was answered busy may ask again.</summary>
    public const int BusySeconds = 1;

    /// <summary>Answers every scan of the batch, but for those that must wait for the next one: they are returned, in order.</summary>
    public async Task<IReadOnlyList<PendingScan>> RunAsync(IReadOnlyList<PendingScan> batch)
    {
        for (var tries = 0; tries < TriesTogether; tries++)
        {
            try
            {
                if (await TryAsync(batch) is { } waiting) return waiting;
            }
            catch (Exception fault) when (ledger.IsPassing(fault))
            {
                // Perhaps it was written and only the answer was lost: reading the same ids again tells.
                LogAway(fault, batch.Count);
                await PauseAsync(tries);
            }
            catch (Exception fault) when (batch.Count > 1 && fault is not OutOfMemoryException)
            {
                LogSplit(fault, batch.Count);
                break;
            }
        }
        List<PendingScan> later = [];
        foreach (var scan in batch) later.AddRange(await RunAloneAsync(scan));
        return later;
    }

    private async Task<IReadOnlyList<PendingScan>> RunAloneAsync(PendingScan scan)
    {
        for (var tries = 0; tries < TriesAlone && !scan.IsAbandoned; tries++)
        {
            try
            {
                if (await TryAsync([scan]) is { } waiting) return waiting;
            }
            catch (Exception fault) when (ledger.IsPassing(fault))
            {
                LogAway(fault, 1);
                await PauseAsync(tries);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                scan.Fail(fault);
                return [];
            }
        }
        scan.Answer(Busy(scan.Presented));
        return [];
    }

    private Task PauseAsync(int tries) => Task.Delay(TimeSpan.FromMilliseconds(FirstPauseMilliseconds << Math.Min(tries, 5)), clock);

    /// <summary>An honest "not now": the scan may or may not have been taken, and the same id tells which.</summary>
    public static ScanResult Busy(PresentedScan presented) => new(Refusal.Under(presented.Policy, RefusalCode.TooBusy) with { RetryAfterSeconds = BusySeconds });

    /// <summary><c>null</c> when something changed between reading and writing.</summary>
    private async Task<IReadOnlyList<PendingScan>?> TryAsync(IReadOnlyList<PendingScan> batch)
    {
        using var span = SpanOf(batch);
        PresentedScan[] scans = [.. batch.Select(scan => scan.Presented)];
        var verdicts = ScanBatchPlan.Decide(scans, await ledger.ReadAsync(scans));
        ScanEntry[] entries = [.. verdicts.OfType<ScanVerdict.Write>().Select(verdict => verdict.Entry)];
        if (entries.Length > 0 && !await ledger.WriteAsync(entries)) return null;
        return Tell(batch, verdicts);
    }

    /// <summary>The batch belongs to the trace of its first scan and is linked to those of the others.</summary>
    private static Activity? SpanOf(IReadOnlyList<PendingScan> batch) => Traces.Source.HasListeners()
        ? Traces.Source.StartActivity(
            "scan batch", ActivityKind.Internal, batch[0].Trace, [new("voucher.batch.size", batch.Count)], batch.Skip(1).Select(scan => new ActivityLink(scan.Trace)))
        : null;

    private static List<PendingScan> Tell(IReadOnlyList<PendingScan> batch, IReadOnlyList<ScanVerdict> verdicts)
    {
        List<PendingScan> later = [];
        for (var i = 0; i < batch.Count; i++)
        {
            if (ResultOf(verdicts, i) is { } result) batch[i].Answer(result);
            else later.Add(batch[i]);
        }
        return later;
    }

    private static ScanResult? ResultOf(IReadOnlyList<ScanVerdict> verdicts, int index) => verdicts[index] switch
    {
        ScanVerdict.Known known => new ScanResult(known.Answer),
        ScanVerdict.Turned turned => new ScanResult(turned.Refusal),
        ScanVerdict.Write { Entry: var entry } => new ScanResult(entry.Answer, entry.Terminal, IsNew: true),
        ScanVerdict.SameAs same => ResultOf(verdicts, same.Index) is { } first ? first with { IsNew = false } : null,
        _ => null,
    };

    [LoggerMessage(5001, LogLevel.Warning, "The database did not take a batch of {Count} scans; trying again")]
    private partial void LogAway(Exception fault, int count);

    [LoggerMessage(5002, LogLevel.Error, "A batch of {Count} scans cannot be written; its scans are tried one by one")]
    private partial void LogSplit(Exception fault, int count);
}
