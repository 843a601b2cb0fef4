using Voucher.Core;
using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Offline;

/// <summary>Gathers what a terminal knows of a voucher without the server, and asks the judge.</summary>
internal sealed class OfflineDesk(TimeProvider time)
{
    /// <summary>A voucher's own scans that are looked at: two a session, and enrolment; many weeks of a class.</summary>
    public const int MostOwnScans = 200;

    /// <summary>
    /// What the terminal may say by itself; <c>null</c> when it cannot judge: its clock is doubted, or the key that signed the voucher
    /// is not on its list.
    /// </summary>
    /// <param name="exceptScan">The scan itself, when it stands in the journal already.</param>
    public OfflineVerdict? Judge(PairedTerminal terminal, ScanMode mode, long classId, VoucherToken? token, Guid? exceptScan = null)
    {
        if (terminal.Setup.Setup is not { } setup || terminal.ServerClock.IsDoubted) return null;
        if (token is not null && terminal.Setup.FirstDayOf(token.KeyId) is null) return null;
        return OfflineJudge.Decide(mode, classId, token, KnowledgeOf(terminal, setup, classId, token, exceptScan), time.GetUtcNow());
    }

    private OfflineKnowledge KnowledgeOf(PairedTerminal terminal, TerminalSetup setup, long classId, VoucherToken? token, Guid? exceptScan)
    {
        var (everywhere, inClass) = terminal.Journal.CountProvisionalEnrolments(classId, exceptScan);
        return new OfflineKnowledge(
            setup.Offline,
            terminal.ServerClock.Silence,
            token is null ? null : terminal.Statuses.Current?.Status(token.Voucher),
            token is null ? null : terminal.Roster.Find(token.Voucher),
            setup.Classes.FirstOrDefault(one => one.Id == classId),
            token is null ? [] : OwnScansOf(terminal, token, exceptScan),
            everywhere, inClass);
    }

    /// <summary>Whether this terminal knows that the voucher is enrolled in the class of its scan, or is being enrolled by it.</summary>
    public static bool IsKnown(PairedTerminal terminal, JournalEntry scan, VoucherToken token) =>
        OfflineJudge.IsKnown(scan.Request.Mode, scan.Request.ClassId, OwnScansOf(terminal, token, scan.Id), terminal.Roster.Find(token.Voucher));

    private static List<ScanRequest> OwnScansOf(PairedTerminal terminal, VoucherToken token, Guid? exceptScan) =>
        [.. terminal.Journal.OfVoucher(token.ToDigits(), MostOwnScans)
            .Where(entry => entry.Id != exceptScan && entry.IsTaken && (entry.Request.Mode != ScanMode.Enrol || terminal.Roster.MayLack(entry.AnsweredAt))).Select(entry => entry.Request)];
}
