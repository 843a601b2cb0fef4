using System.Collections.Concurrent;
using Voucher.Core.Wire;

namespace Voucher.Terminal.Link;

/// <param name="someoneWaited">Whether the screen still waited for it; else it is told as a late one.</param>
internal sealed class AnswerArrived(ScanAnswer answer, bool someoneWaited) : EventArgs
{
    public ScanAnswer Answer => answer;

    public bool SomeoneWaited => someoneWaited;
}

/// <summary>Those at the screen who wait for the server's answer to a scan, and the pump that brings it.</summary>
internal sealed class AnswerDesk(TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource<ScanAnswer>> _waiting = new();
    private readonly ConcurrentDictionary<Guid, (long Since, TimeSpan For)> _slowedDown = new();
    private readonly SemaphoreSlim _work = new(0, 1);

    /// <summary>An answer has been journalled.</summary>
    public event EventHandler<AnswerArrived>? Answered;

    /// <summary>Ask before the scan is written down, so that its answer cannot slip by.</summary>
    public Task<ScanAnswer> AnswerTo(Guid scanId) =>
        _waiting.GetOrAdd(scanId, _ => new TaskCompletionSource<ScanAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Nobody waits any longer: the answer, when it comes, is late.</summary>
    public void GiveUp(Guid scanId) => _waiting.TryRemove(scanId, out _);

    /// <summary>
    /// The server is reached and asks for patience with this scan: it waits its turn, and is not merely saved. That holds for as long
    /// as was asked, and until the answer to the question after it must have come.
    /// </summary>
    public void SlowDown(Guid scanId, TimeSpan patience) =>
        _slowedDown[scanId] = (time.GetTimestamp(), patience + LinkLimits.HubAnswerWithin + LinkLimits.RestAnswerWithin);

    /// <summary>Asked again, the server did not answer: it may be away, and the scan is merely saved.</summary>
    public void Unanswered(Guid scanId) => _slowedDown.TryRemove(scanId, out _);

    public bool IsSlowedDown(Guid scanId) => _slowedDown.TryGetValue(scanId, out var asked) && time.GetElapsedTime(asked.Since) < asked.For;

    public void Deliver(ScanAnswer answer)
    {
        _slowedDown.TryRemove(answer.ScanId, out _);
        var present = _waiting.TryRemove(answer.ScanId, out var someone);
        someone?.TrySetResult(answer);
        Answered?.Invoke(this, new AnswerArrived(answer, present));
    }

    /// <summary>There is something to send, or a way to send it.</summary>
    public void Wake()
    {
        try
        {
            _work.Release();
        }
        catch (SemaphoreFullException)
        {
            // Woken already.
        }
    }

    /// <summary>Waits until woken, or for the given time.</summary>
    public Task Sleep(TimeSpan atMost, CancellationToken stop) => _work.WaitAsync(atMost, stop);
}
