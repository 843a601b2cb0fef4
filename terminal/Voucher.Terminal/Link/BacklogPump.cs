using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Link;

/// <summary>
/// Sends waiting scans one after the other, in the order in which they were scanned, and writes the answers down. A lost
/// answer is asked for again with the same id and the same content, over the hub or over REST, until it is there. A scan
/// over which the server fails again and again makes way for the others, and is asked again later. Serves the pairing at work
/// and, with <c>older</c> given, one that it has replaced.
/// </summary>
internal sealed class BacklogPump(
    PairedTerminal terminal, ServerDoor door, AnswerDesk desk, LinkBoard board, TimeProvider time, Func<HubLink?> hub, Action linkAnew,
    OlderPairing? older = null)
{
    private const int PageSize = 50;

    /// <summary>Waiting scans are looked for at least this often, though nobody wakes the pump.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    /// <summary>However long a server asks to wait, it is asked again after this.</summary>
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(60);

    private readonly Backoff _backoff = new();
    private readonly Dictionary<long, Failing> _failing = [];

    private sealed record Failing(int Times, long LastAt);

    public async Task Run(CancellationToken stop)
    {
        while (true)
        {
            if (NextWaiting() is not { } entry)
            {
                await desk.Sleep(LookEvery, stop);
                continue;
            }
            var pause = await SendOne(entry, stop);
            if (pause > TimeSpan.Zero) await desk.Sleep(pause, stop);
        }
    }

    private JournalEntry? NextWaiting() =>
        terminal.Journal.FirstToAsk(PageSize + _failing.Count).Find(entry => !IsSetAside(entry.Sequence));

    private bool IsSetAside(long sequence) =>
        _failing.TryGetValue(sequence, out var failing)
        && failing.Times >= LinkLimits.ErrorsBeforeSetAside
        && time.GetElapsedTime(failing.LastAt) < LinkLimits.SetAsideFor;

    /// <summary>How long to wait before the next attempt; none after an answer.</summary>
    private async Task<TimeSpan> SendOne(JournalEntry entry, CancellationToken stop)
    {
        var asked = await Ask(entry.Request, stop);
        if (older is not null && asked is (Asked.Answered or Asked.NotAllowed)) older.IsTurnedAway = asked is Asked.NotAllowed;
        switch (asked)
        {
            case Asked.Answered(var answer):
                Settle(entry, answer);
                return TimeSpan.Zero;
            case Asked.NotAllowed when older is not null:
                return LinkLimits.AskWhetherLetIn;
            case Asked.Busy(var patience):
                var pause = patience is not { } wait ? _backoff.Next() : wait < LongestPatience ? wait : LongestPatience;
                desk.SlowDown(entry.Id, pause);
                return pause;
            case Asked.NoAnswer:
                desk.Unanswered(entry.Id);
                board.Down();
                // A hub that stands says nothing of a server that does not answer: the link begins again, and says when it is back.
                linkAnew();
                break;
            case Asked.Error:
                var times = _failing.TryGetValue(entry.Sequence, out var failing) ? failing.Times : 0;
                _failing[entry.Sequence] = new Failing(times + 1, time.GetTimestamp());
                break;
        }
        return _backoff.Next();
    }

    private async Task<Asked> Ask(ScanRequest scan, CancellationToken stop)
    {
        if (hub() is { } connected && await connected.Ask(scan, stop) is var answered and not Asked.NoAnswer)
        {
            board.Up(LinkBoard.Hub);
            return answered;
        }
        return await AskOverRest(scan, stop);
    }

    private async Task<Asked> AskOverRest(ScanRequest scan, CancellationToken stop)
    {
        try
        {
            var asked = await door.Ask(scan, stop);
            if (asked is not Asked.NoAnswer) board.Up(hub() is null ? LinkBoard.Rest : LinkBoard.Hub);
            return asked;
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return new Asked.NoAnswer();
        }
    }

    private void Settle(JournalEntry entry, ScanAnswer answer)
    {
        _backoff.Reset();
        _failing.Remove(entry.Sequence);
        if (terminal.Journal.Answer(answer)) desk.Deliver(answer);
    }
}
