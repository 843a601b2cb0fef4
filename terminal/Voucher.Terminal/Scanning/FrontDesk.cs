using Microsoft.Data.Sqlite;
using Voucher.Core;
using Voucher.Core.People;
using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Link;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Scanning;

/// <summary>
/// One scan, from the page's request to the verdict: what can be refused here is refused here; everything else is written
/// to the journal first, then asked of the server, and shown as saved when the server does not answer in time.
/// </summary>
internal sealed class FrontDesk(CurrentTerminal current, AnswerDesk answers, LinkBoard board, TimeProvider time)
{
    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>What the code held to the camera is, before anything is done with it.</summary>
    public Outcome<VoucherToken> Read(string text) =>
        WorkingTerminal() is { } terminal
            ? ReadFor(terminal, text)
            : Refusal.Of(RefusalCode.TerminalNotActive);

    public async Task<Outcome<Verdict>> Scan(ScanOrder order, CancellationToken stop)
    {
        if (order.Check() is { Count: > 0 } errors) return errors;
        if (WorkingTerminal() is not { } terminal) return Refused(Refusal.Of(RefusalCode.TerminalNotActive), order, token: null);
        VoucherToken? token = null;
        if (order.Digits is { } digits)
        {
            var read = ReadFor(terminal, digits);
            if (read is not Outcome<VoucherToken>.Done(var known)) return Refused(((Outcome<VoucherToken>.Refused)read).Refusal, order, token);
            token = known;
        }
        var holder = HolderOf(order, terminal.Setup.Setup!.BindingKey);
        if (Identity(order.Mode, holder, token) is { } refusal) return Refused(refusal, order, token);
        return await Journalled(terminal, NewScanOf(order, token, holder), token, stop);
    }

    /// <summary>The latest scans with their verdicts, newest first.</summary>
    public List<Verdict> Recent() =>
        current.Value is { } terminal ? [.. terminal.Journal.Latest(ScanLimits.RecentScans).Select(entry => VerdictOf(terminal, entry))] : [];

    /// <summary>The verdict of an answer that came when nobody stood waiting.</summary>
    public Verdict? Late(ScanAnswer answer) =>
        current.All.Select(terminal => terminal.Journal.Find(answer.ScanId) is { } entry ? VerdictOf(terminal, entry) : null)
            .FirstOrDefault(verdict => verdict is not null);

    /// <summary>Refusals that came when nobody looked, oldest first.</summary>
    public List<Verdict> Untold() =>
        [.. current.All.SelectMany(terminal => terminal.Journal.Untold(ScanLimits.MostUntold).Select(entry => VerdictOf(terminal, entry)))
            .OrderBy(verdict => verdict.At).Take(ScanLimits.MostUntold)];

    /// <summary>Somebody has seen the answer of this scan; <c>false</c> when there is no such answer.</summary>
    public bool MarkTold(Guid scanId) => current.All.Any(terminal => terminal.Journal.MarkTold(scanId));

    private PairedTerminal? WorkingTerminal() =>
        current.Value is { Setup.Setup: not null } terminal && board.State.Standing is Standing.Active ? terminal : null;

    private Outcome<VoucherToken> ReadFor(PairedTerminal terminal, string text) =>
        VoucherReader.Read(text, terminal.Setup, CountyTime.DayOf(Now), terminal.ServerClock.IsDoubted);

    private static HolderCheck? HolderOf(ScanOrder order, byte[] bindingKey) =>
        IdNumber.TryParse(order.IdNumber, out var number) == IdNumberFault.None ? HolderCheck.Of(number, bindingKey) : null;

    private static Refusal? Identity(ScanMode mode, HolderCheck? shown, VoucherToken? token)
    {
        if (mode == ScanMode.Enrol && shown is null) return Refusal.Of(RefusalCode.IdentityNotShown);
        // With a short code there is no token to compare with: the server does it.
        return shown is not null && token is not null && token.Holder != shown ? Refusal.Of(RefusalCode.HolderDiffers) : null;
    }

    private static NewScan NewScanOf(ScanOrder order, VoucherToken? token, HolderCheck? holder) => new(
        order.ScanId ?? Guid.NewGuid(), order.Mode, order.ClassId, token?.ToDigits(), PlainShortCode(order.ShortCode), holder?.Value);

    /// <summary>The twelve digits without blanks, however they were typed.</summary>
    private static string? PlainShortCode(string? typed) =>
        ShortCode.TryParse(typed, out var code) ? code.ToString().Replace(" ", "", StringComparison.Ordinal) : null;

    private async Task<Outcome<Verdict>> Journalled(PairedTerminal terminal, NewScan scan, VoucherToken? token, CancellationToken stop)
    {
        var answer = answers.AnswerTo(scan.ScanId);
        try
        {
            var entry = terminal.Journal.Append(scan) switch
            {
                Appended.Written(var written) => written,
                Appended.AlreadyThere(var known) => known,
                _ => null,
            };
            if (entry is null)
                return Verdict.RefusedHere(Refusal.Of(RefusalCode.ScanIdReused), scan.Mode, token?.Voucher.ToString(), Now);
            if (entry.Answer is not null) return Shown(terminal, entry);
            answers.Wake();
            await InTime(answer, stop);
            // From here on an answer is told as a late one; what came before this line is in the journal already.
            answers.GiveUp(scan.ScanId);
            return Shown(terminal, terminal.Journal.Find(scan.ScanId) ?? entry);
        }
        finally
        {
            answers.GiveUp(scan.ScanId);
        }
    }

    /// <summary>Until the answer is there, or the desk has waited long enough.</summary>
    private async Task InTime(Task<ScanAnswer> answer, CancellationToken stop)
    {
        // Nobody at the desk waits for a server that is known to be away.
        if (!board.State.Online) return;
        try
        {
            await answer.WaitAsync(ScanLimits.AnswerPatience, time, stop);
        }
        catch (TimeoutException)
        {
        }
    }

    /// <summary>The verdict for a screen that waits for it: who sees a refusal now need not be told again.</summary>
    private Verdict Shown(PairedTerminal terminal, JournalEntry entry)
    {
        try
        {
            if (entry.Answer is { Accepted: false }) terminal.Journal.MarkTold(entry.Id);
        }
        catch (SqliteException)
        {
            // The disk is full: it will be told again, which is better than hiding the verdict.
        }
        return VerdictOf(terminal, entry);
    }

    private Verdict VerdictOf(PairedTerminal terminal, JournalEntry entry)
    {
        if (entry.Answer is { } answer) return Verdict.Of(entry.Request, answer);
        _ = TokenDecoder.TryDecode(entry.Request.Digits, out var token);
        var isKeyUnknown = token is not null && terminal.Setup.FirstDayOf(token.KeyId) is null;
        var inClass = terminal.Setup.Setup?.Classes.FirstOrDefault(one => one.Id == entry.Request.ClassId);
        var waiting = answers.IsSlowedDown(entry.Id) ? WaitingWhy.SlowedDown
            : terminal.ServerClock.IsDoubted ? WaitingWhy.ClockDoubted
            : isKeyUnknown ? WaitingWhy.KeyUnknown
            : WaitingWhy.Offline;
        return Verdict.WaitingFor(entry.Request, token?.Voucher.ToString(), inClass?.Name, waiting);
    }

    private Verdict Refused(Refusal refusal, ScanOrder order, VoucherToken? token) =>
        Verdict.RefusedHere(refusal, order.Mode, token?.Voucher.ToString(), Now);
}
