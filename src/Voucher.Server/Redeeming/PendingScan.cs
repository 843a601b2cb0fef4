using System.Diagnostics;
using Voucher.Core.Wire;

namespace Voucher.Server.Redeeming;

/// <summary>What became of a scan; the terminal is known when it was answered from facts.</summary>
/// <param name="IsNew">The answer was written just now, not found: the live pages have not heard of it.</param>
public sealed record ScanResult(Outcome<ScanAnswer> Outcome, ScanningTerminal? Terminal = null, bool IsNew = false);

/// <summary>A scan on its way through the engine, and whoever waits for its answer.</summary>
public sealed class PendingScan(PresentedScan presented)
{
    private readonly TaskCompletionSource<ScanResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PresentedScan Presented => presented;

    /// <summary>The trace of the request that brought it; empty while nobody traces.</summary>
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

    public Task<ScanResult> Result => _result.Task;

    /// <summary>
    /// The caller was told to ask again. If the scan has not been started it need not be: whoever asks again brings the same id.
    /// </summary>
    public bool IsAbandoned { get; private set; }

    public void Abandon() => IsAbandoned = _result.TrySetResult(ScanBatchRunner.Busy(presented));

    public void Answer(ScanResult result) => _result.TrySetResult(result);

    public void Fail(Exception fault) => _result.TrySetException(fault);
}
