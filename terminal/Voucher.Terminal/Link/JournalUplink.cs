using Voucher.Core;
using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Link;

/// <summary>
/// Sends the journal to the server whenever there is a link: first a receipt that closes in what was done offline, then the entries, in
/// order; then asks what came of the scans of which the desk was told. All of it may be done any number of times.
/// </summary>
internal sealed partial class JournalUplink(
    PairedTerminal terminal, ServerDoor door, AnswerDesk desk, LinkBoard board, TimeProvider time, ILogger log, OlderPairing? older = null)
{
    /// <summary>How often is looked whether there is something to send.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Entries that the server has answered one by one go with the journal in passing: this many, or after this time.</summary>
    public const int SendFrom = 50;
    public static readonly TimeSpan SendAfter = TimeSpan.FromSeconds(30);

    /// <summary>An anchor of server time and this machine's clocks is taken at least this often while the link stands.</summary>
    public static readonly TimeSpan AnchorEvery = TimeSpan.FromHours(6);

    private readonly Backoff _backoff = new();
    private readonly Backoff _asking = new();
    private DateTimeOffset _askAgain;
    private long _askedUpTo;
    private int _atOnce = JournalLimits.EntriesAtOnce;

    public async Task Run(CancellationToken stop)
    {
        while (true)
        {
            var pause = LookEvery;
            try
            {
                if (older is not null || board.State is { Online: true, Standing: Standing.Active }) pause = await OneRound(stop);
            }
            catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException && !stop.IsCancellationRequested)
            {
                LogNotSent(log, fault.Message);
                pause = _backoff.Next();
            }
            await Task.Delay(pause, time, stop);
        }
    }

    private async Task<TimeSpan> OneRound(CancellationToken stop)
    {
        var journal = terminal.Journal;
        if (older is not null && await IsTurnedAway(stop)) return LinkLimits.AskWhetherLetIn;
        if (journal.Backlog is { Head: { } head } backlog && (backlog.HasUnbounded || NeedsAnchor(backlog)))
            if (new ReceiptRequest(head.Sequence, head.Hash) is var asked && await door.Receipt(asked, stop) is { } receipt) Note(receipt, asked);
        if (IsWorthSending(journal.Backlog) && !await SendAll(stop)) return _backoff.Next();
        _backoff.Reset();
        await AskAnswers(stop);
        return LookEvery;
    }

    /// <summary>Whether the server lets the old key in no more; it is only asked while scans wait.</summary>
    private async Task<bool> IsTurnedAway(CancellationToken stop)
    {
        if (!terminal.Journal.Backlog.HasWaiting) return false;
        older!.IsTurnedAway = await door.Token(stop) is null;
        return older.IsTurnedAway;
    }

    /// <summary>A receipt that the county did not sign would make the journal look altered: it never gets into it.</summary>
    private void Note(HeadReceipt receipt, ReceiptRequest asked)
    {
        var isOwn = receipt is { HeadHash: not null, Signature: not null } && receipt.TerminalId == terminal.Pairing.TerminalId
            && receipt.Sequence == asked.Sequence && receipt.HeadHash.AsSpan().SequenceEqual(asked.HeadHash);
        if (!isOwn || terminal.Setup.Keys?.IsSaidByCounty(receipt.KeyId, receipt.Said(), receipt.Signature, CountyTime.DayOf(receipt.At)) is not true)
        {
            LogReceiptRefused(log);
            return;
        }
        terminal.HeardServer(receipt.At);
        terminal.Journal.AppendReceipt(receipt);
    }

    private bool NeedsAnchor(JournalBacklog backlog) =>
        backlog.Receipt is not { } last || last.BootId != Boot.Id || time.GetUtcNow().ToUnixTimeMilliseconds() - last.WallMs > AnchorEvery.TotalMilliseconds;

    private bool IsWorthSending(JournalBacklog backlog) =>
        backlog is { HasProvisionalWaiting: true, HasUnsent: true } || backlog.ToUpload >= SendFrom
        || (backlog.ToUploadSince is { } since && time.GetUtcNow() - since > SendAfter);

    /// <summary>False when the server does not take them now.</summary>
    private async Task<bool> SendAll(CancellationToken stop)
    {
        while (terminal.Journal.ToUpload(_atOnce) is { Count: > 0 } entries)
        {
            switch (await UploadOverAnyLine(entries, stop))
            {
                case Uploaded.Done(var acknowledged):
                    terminal.Journal.MarkUploaded(acknowledged, entries);
                    if (acknowledged < entries[0].Sequence) return false;
                    break;
                case Uploaded.From(var sequence):
                    terminal.Journal.UploadAgainFrom(sequence);
                    break;
                default:
                    return false;
            }
        }
        return true;
    }

    /// <summary>A line that is too slow for so many gets fewer the next time, and more again when it has carried these with ease.</summary>
    private async Task<Uploaded> UploadOverAnyLine(List<JournalEntry> entries, CancellationToken stop)
    {
        var begun = time.GetTimestamp();
        try
        {
            var uploaded = await door.Upload(new JournalUpload([.. entries.Select(entry => entry.ToRecord())]), stop);
            if (uploaded is Uploaded.Done && time.GetElapsedTime(begun) < LinkLimits.UploadWithEaseWithin) _atOnce = Math.Min(_atOnce * 2, JournalLimits.EntriesAtOnce);
            return uploaded;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            _atOnce = Math.Max(_atOnce / 2, LinkLimits.FewestEntriesAtOnce);
            throw;
        }
    }

    /// <summary>Soon at first, then less often: a scan may wait for the upload of another terminal, or for a person.</summary>
    private async Task AskAnswers(CancellationToken stop)
    {
        if (time.GetUtcNow() < _askAgain || !terminal.Journal.Backlog.HasProvisionalWaiting) return;
        // Page after page: those that wait for a person or another desk are not in the way of the ones behind them.
        var waiting = terminal.Journal.Provisional(JournalLimits.AnswersAtOnce, _askedUpTo);
        if (waiting.Count == 0)
        {
            if (_askedUpTo > 0) _askAgain = time.GetUtcNow() + _asking.Next();
            _askedUpTo = 0;
            return;
        }
        _askedUpTo = waiting.Count < JournalLimits.AnswersAtOnce ? 0 : waiting[^1].Sequence;
        var answers = await door.OfflineAnswers(new OfflineAnswersRequest([.. waiting.Select(entry => entry.Id)]), stop);
        foreach (var answer in answers.Where(answer => terminal.Journal.Answer(answer))) desk.Deliver(answer);
        if (answers.Count > 0) _asking.Reset();
        _askAgain = answers.Count == waiting.Count || _askedUpTo > 0 ? default : time.GetUtcNow() + _asking.Next();
    }

    [LoggerMessage(3031, LogLevel.Warning, "The server's receipt is not signed by the county; it is refused")]
    private static partial void LogReceiptRefused(ILogger log);

    [LoggerMessage(3030, LogLevel.Debug, "The journal could not be sent: {Why}")]
    private static partial void LogNotSent(ILogger log, string why);
}

/// <summary>What came of sending part of the journal.</summary>
internal abstract record Uploaded
{
    private Uploaded() { }

    /// <param name="Acknowledged">The server has everything up to here.</param>
    public sealed record Done(long Acknowledged) : Uploaded;

    /// <summary>The server lacks entries before these: it wants them from here.</summary>
    public sealed record From(long Sequence) : Uploaded;

    /// <summary>Not now, or not from this terminal.</summary>
    public sealed record NotTaken : Uploaded;
}
