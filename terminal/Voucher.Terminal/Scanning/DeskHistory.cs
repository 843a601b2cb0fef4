using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Link;
using Voucher.Terminal.Offline;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Scanning;

/// <summary>What has become of scans that are on the disk, in the words in which the desk is told it.</summary>
internal sealed class DeskHistory(CurrentTerminal current, AnswerDesk answers)
{
    /// <summary>Scans of the pairing at work that others dispute, as its desk is told.</summary>
    public List<Verdict> Disputed() => current.Value is { Setup.Setup.Cases: { } cases } terminal
        ? [.. cases.Where(one => one.IsOpen).Select(one => terminal.Journal.Find(one.ScanId)).OfType<JournalEntry>().Select(entry => VerdictOf(terminal, entry))]
        : [];

    /// <summary>The latest scans with their verdicts, newest first.</summary>
    public List<Verdict> Recent() =>
        current.Value is { } terminal ? [.. terminal.Journal.Latest(ScanLimits.RecentScans).Select(entry => VerdictOf(terminal, entry))] : [];

    /// <summary>The verdict of an answer that came when nobody stood waiting.</summary>
    public Verdict? Late(ScanAnswer answer) =>
        current.All.Select(terminal => terminal.Journal.Find(answer.ScanId) is { } entry ? VerdictOf(terminal, entry) : null)
            .FirstOrDefault(verdict => verdict is not null);

    /// <summary>Refusals that came when nobody looked, oldest first.</summary>
    public List<Verdict> UnseenRefusals() =>
        [.. current.All.SelectMany(terminal => terminal.Journal.UnseenRefusals(ScanLimits.MostUnseenRefusals).Select(entry => VerdictOf(terminal, entry)))
            .OrderBy(verdict => verdict.At).Take(ScanLimits.MostUnseenRefusals)];

    /// <summary>Somebody has seen the answer of this scan; <c>false</c> when there is no such answer.</summary>
    public bool MarkSeen(Guid scanId) => current.All.Any(terminal => terminal.Journal.MarkSeen(scanId));

    /// <summary>What the desk is told of a scan on the disk, by all that is known of it now.</summary>
    public Verdict VerdictOf(PairedTerminal terminal, JournalEntry entry)
    {
        var verdict = PlainVerdictOf(terminal, entry);
        if (terminal.Setup.Setup?.Cases?.FirstOrDefault(one => one.ScanId == entry.Id) is { } disputed) verdict = verdict.In(disputed);
        return terminal.Journal.IsCorrectionAsked(entry.Id) ? verdict with { Correction = "requested" } : verdict;
    }

    private Verdict PlainVerdictOf(PairedTerminal terminal, JournalEntry entry)
    {
        if (entry.Answer is { } answer) return Verdict.Of(entry.Request, answer);
        _ = TokenDecoder.TryDecode(entry.Request.Digits, out var token);
        var isKeyUnknown = token is not null && terminal.Setup.FirstDayOf(token.KeyId) is null;
        var inClass = ClassOf(terminal, entry.Request.ClassId);
        if (entry.IsProvisional)
        {
            var isKnown = token is null || OfflineDesk.IsKnown(terminal, entry, token);
            return Verdict.ProvisionalFor(entry.Request, token?.Voucher.ToString(), NameOf(terminal, token), inClass, isKnown);
        }
        var waiting = answers.IsSlowedDown(entry.Id) ? WaitingWhy.SlowedDown
            : terminal.ServerClock.IsDoubted ? WaitingWhy.ClockDoubted
            : isKeyUnknown ? WaitingWhy.KeyUnknown
            : WaitingWhy.Offline;
        return Verdict.WaitingFor(entry.Request, token?.Voucher.ToString(), inClass?.Name, waiting);
    }

    /// <summary>As the setup has it; <c>null</c> when it does not.</summary>
    public static TerminalClass? ClassOf(PairedTerminal terminal, long classId) => terminal.Setup.Setup?.Classes.FirstOrDefault(one => one.Id == classId);

    /// <summary>Masked; <c>null</c> when the roster does not have the person.</summary>
    public static string? NameOf(PairedTerminal terminal, VoucherToken? token) => token is null ? null : terminal.Roster.Find(token.Voucher)?.Name;
}
