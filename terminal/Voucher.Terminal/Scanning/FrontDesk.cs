using Microsoft.Data.Sqlite;
using Voucher.Core;
using Voucher.Core.People;
using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Link;
using Voucher.Terminal.Offline;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Scanning;

/// <summary>
/// One scan, from the page's request to the verdict: what can be refused here is refused here; everything else is written
/// to the journal first, then asked of the server. When the server is away, or does not answer in time, the terminal says by itself
/// what it may, and the server confirms it later.
/// </summary>
internal sealed class FrontDesk(CurrentTerminal current, AnswerDesk answers, LinkBoard board, OfflineDesk offline, DeskHistory history, TimeProvider time)
{
    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>What the code held to the camera is, before anything is done with it.</summary>
    public Outcome<VoucherToken> Read(string text) =>
        WorkingTerminal() is { } terminal
            ? ReadFor(terminal, text)
            : Refusal.Of(RefusalCode.TerminalNotActive);

    /// <exception cref="SqliteException">The scan is not on the disk.</exception>
    public async Task<Outcome<Verdict>> Scan(ScanOrder order, CancellationToken stop)
    {
        // Whatever has changed since it was written down (the terminal revoked, the voucher's last day over): it is on the disk.
        if (Saved(order) is var (terminal, entry)) return await AskedAgain(terminal, entry, order, stop);
        try
        {
            return Check(order, out var found) ?? await Journalled(found!.Terminal, NewScanOf(order, found.Token, found.Holder), found.Token, stop);
        }
        catch (SqliteException)
        {
            // The disk may have taken the scan and failed only afterwards.
            if (Saved(order) is not var (keeper, kept)) throw;
            return history.VerdictOf(keeper, kept);
        }
    }

    /// <summary>Where the scan of this id was written down before; <c>null</c> when it was not.</summary>
    private (PairedTerminal Terminal, JournalEntry Entry)? Saved(ScanOrder order)
    {
        if (order.ScanId is not { } id) return null;
        foreach (var terminal in current.All)
            if (terminal.Journal.Find(id) is { } entry) return (terminal, entry);
        return null;
    }

    private async Task<Outcome<Verdict>> AskedAgain(PairedTerminal terminal, JournalEntry entry, ScanOrder order, CancellationToken stop)
    {
        if (order.Check() is { Count: > 0 } errors) return errors;
        _ = TokenDecoder.TryDecode(order.Digits, out var token);
        // Without a setup a card's number cannot be compared any more; nothing is written down by it either.
        var holder = terminal.Setup.Setup is { } setup ? HolderOf(order, setup.BindingKey)?.Value : entry.Request.HolderCheck;
        var isSame = (NewScanOf(order, token, holder: null) with { HolderCheck = holder }).IsSameAs(entry.Request);
        return isSame ? await Answered(terminal, entry, token, stop) : Refused(Refusal.Of(RefusalCode.ScanIdReused), order, token);
    }

    /// <summary>The same checks and the same verdict as offline, for training the desk: nothing is written down or sent.</summary>
    public Outcome<Verdict> Practise(ScanOrder order)
    {
        if (Check(order, out var found) is { } no) return no;
        var (terminal, token, _) = found!;
        if (offline.Judge(terminal, order.Mode, order.ClassId, token) is OfflineVerdict.Refused(var refusal)) return Refused(refusal, order, token);
        var scan = new ScanRequest(Guid.Empty, 0, order.Mode, order.ClassId, Digits: null, ShortCode: null, HolderCheck: null, Now);
        var verdict = Verdict.ProvisionalFor(scan, token?.Voucher.ToString(), DeskHistory.NameOf(terminal, token), DeskHistory.ClassOf(terminal, order.ClassId), isKnown: true);
        return verdict with { Outcome = VerdictOutcome.Accepted, ScanId = null, Sequence = null, Reason = Practised, NextStep = PractisedNext };
    }

    /// <summary>A scan that passed what can be looked at before anything is written down.</summary>
    private sealed record Checked(PairedTerminal Terminal, VoucherToken? Token, HolderCheck? Holder);

    /// <summary>Why the scan goes no further; <c>null</c> when it does.</summary>
    private Outcome<Verdict>? Check(ScanOrder order, out Checked? found)
    {
        found = null;
        if (order.Check() is { Count: > 0 } errors) return errors;
        if (WorkingTerminal() is not { } terminal) return Refused(Refusal.Of(RefusalCode.TerminalNotActive), order, token: null);
        VoucherToken? token = null;
        if (order.Digits is { } digits)
        {
            var read = ReadFor(terminal, digits);
            if (read is not Outcome<VoucherToken>.Done(var known)) return Refused(((Outcome<VoucherToken>.Refused)read).Refusal, order, token: null);
            token = known;
        }
        // The county may revoke the terminal at this very moment.
        if (terminal.Setup.Setup is not { } setup) return Refused(Refusal.Of(RefusalCode.TerminalNotActive), order, token);
        var holder = HolderOf(order, setup.BindingKey);
        if (Identity(order.Mode, holder, token) is { } refusal) return Refused(refusal, order, token);
        found = new Checked(terminal, token, holder);
        return null;
    }

    private static readonly Words Practised = new("练习：检查通过，没有记录。", "Practice: the checks pass; nothing was recorded.");
    private static readonly Words PractisedNext = new("正式办理时，请先退出练习。", "Leave practice before you work in earnest.");

    /// <summary>The desk asks for a correction; <c>false</c> when it has asked before, or there is no such scan.</summary>
    public bool AskCorrection(CorrectionRequest correction) => current.Value?.Journal.AppendCorrection(correction) ?? false;

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
        var isAway = !board.State.Online && terminal.Journal.Find(scan.ScanId) is null;
        var judged = isAway ? offline.Judge(terminal, scan.Mode, scan.ClassId, token) : null;
        if (judged is OfflineVerdict.Refused(var refusal)) return Verdict.RefusedHere(refusal, scan.Mode, token?.Voucher.ToString(), Now);
        // Listened for before it is written down, so that its answer cannot slip by.
        _ = answers.AnswerTo(scan.ScanId);
        try
        {
            var entry = terminal.Journal.Append(scan, isProvisional: judged is OfflineVerdict.Provisional) switch
            {
                Appended.Written(var written) => written,
                Appended.AlreadyThere(var known) => known,
                _ => null,
            };
            if (entry is null)
                return Verdict.RefusedHere(Refusal.Of(RefusalCode.ScanIdReused), scan.Mode, token?.Voucher.ToString(), Now);
            return await Answered(terminal, entry, token, stop);
        }
        finally
        {
            answers.GiveUp(scan.ScanId);
        }
    }

    /// <summary>The verdict of a scan that is on the disk, as soon as there is one.</summary>
    private async Task<Verdict> Answered(PairedTerminal terminal, JournalEntry entry, VoucherToken? token, CancellationToken stop)
    {
        var answer = answers.AnswerTo(entry.Id);
        try
        {
            if ((terminal.Journal.Find(entry.Id) ?? entry) is { Answer: not null } done) return Shown(terminal, done);
            answers.Wake();
            await InTime(answer, stop);
        }
        finally
        {
            // From here on an answer is told as a late one; what came before this line is in the journal already.
            answers.GiveUp(entry.Id);
        }
        return Shown(terminal, JudgedLate(terminal, terminal.Journal.Find(entry.Id) ?? entry, token));
    }

    /// <summary>The server seemed there and did not answer: the desk is told what the terminal may say, and the scan goes on its way.</summary>
    private JournalEntry JudgedLate(PairedTerminal terminal, JournalEntry entry, VoucherToken? token)
    {
        if (entry.Answer is not null || entry.IsProvisional || answers.IsSlowedDown(entry.Id)) return entry;
        // Asked again later, or of a terminal that may not work any more: it is judged by another time and place than the county will.
        if (terminal != WorkingTerminal() || (Now - entry.Request.ScannedAt).Duration() > ScanLimits.JudgedWithin) return entry;
        if (offline.Judge(terminal, entry.Request.Mode, entry.Request.ClassId, token, entry.Id) is not OfflineVerdict.Provisional) return entry;
        try
        {
            terminal.Journal.MarkProvisional(entry.Sequence);
        }
        catch (SqliteException)
        {
            // The scan is on the disk; the promise is not, and is not made.
            return entry;
        }
        return terminal.Journal.Find(entry.Id) ?? entry;
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
            if (entry.Answer is { Accepted: false }) terminal.Journal.MarkSeen(entry.Id);
        }
        catch (SqliteException)
        {
            // The disk is full: it will be told again, which is better than hiding the verdict.
        }
        return history.VerdictOf(terminal, entry);
    }

    private Verdict Refused(Refusal refusal, ScanOrder order, VoucherToken? token) =>
        Verdict.RefusedHere(refusal, order.Mode, token?.Voucher.ToString(), Now);
}
