using System.Globalization;
using Voucher.Core;
using Voucher.Core.Tokens;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Offline;

/// <summary>The session that is on, or the next of today.</summary>
internal sealed record SessionShown(string StartsAt, string EndsAt);

/// <summary>One trainee, as the desk sees them.</summary>
/// <param name="Name">Masked; <c>null</c> when the roster does not have them yet.</param>
/// <param name="CheckedIn">When this terminal checked them in to the session, 09:05; <c>null</c> when it did not.</param>
internal sealed record TraineeShown(string Number, string? Name, bool Provisional, string? CheckedIn, string? CheckedOut);

/// <param name="AsOf">Of the roster; scans of this terminal are as of now.</param>
internal sealed record RosterShown(string ClassName, DateTimeOffset? AsOf, SessionShown? Session, int Enrolled, int Capacity, IReadOnlyList<TraineeShown> People);

/// <summary>Who belongs to a class today and who has come, by the roster and this terminal's own scans.</summary>
internal sealed class DayRoster(CurrentTerminal current, TimeProvider time)
{
    /// <summary>Scans looked at, from the newest: several days of a busy desk.</summary>
    public const int MostScans = 5_000;

    /// <returns><c>null</c> when the terminal does not have the class.</returns>
    public RosterShown? Of(long classId)
    {
        if (current.Value is not { Setup.Setup: { } setup } terminal || setup.Classes.FirstOrDefault(one => one.Id == classId) is not { } asked) return null;
        var now = time.GetUtcNow();
        var session = SessionOf(asked, setup.Offline, now);
        var scans = ScansOf(terminal, classId);
        var marks = scans.Where(one => session is not null && IsOf(one.Entry.Request, session, setup.Offline)).ToLookup(one => one.Voucher, one => one.Entry.Request);
        var enrolledHere = scans.Where(one => one.Entry.Request.Mode == ScanMode.Enrol && terminal.Roster.MayLack(one.Entry.AnsweredAt))
            .GroupBy(one => one.Voucher).ToDictionary(group => group.Key, group => group.First().Entry.Answer is null);
        var known = terminal.Roster.OfClass(classId).Select(one => (Voucher: new VoucherId(new(setup.Region), one.Serial), Name: (string?)one.Name)).ToList();
        known.AddRange(enrolledHere.Keys.Except(known.Select(one => one.Voucher)).Select(voucher => (voucher, (string?)null)));
        return new RosterShown(
            asked.Name, terminal.Roster.RefreshedAt, session is null ? null : new SessionShown(Clock(session.StartsAt), Clock(session.EndsAt)),
            Math.Max(asked.Enrolled, known.Count), asked.Capacity,
            [.. known.Select(one => new TraineeShown(
                one.Voucher.ToString(), one.Name, enrolledHere.GetValueOrDefault(one.Voucher),
                MarkOf(marks, one.Voucher, ScanMode.CheckIn), MarkOf(marks, one.Voucher, ScanMode.CheckOut)))]);
    }

    /// <summary>What was taken for the class and whose it is, newest first.</summary>
    private static List<(JournalEntry Entry, VoucherId Voucher)> ScansOf(PairedTerminal terminal, long classId) =>
        [.. from entry in terminal.Journal.OfClass(classId, MostScans)
            where entry.IsTaken
            let voucher = VoucherOf(entry)
            where voucher is not null
            select (entry, voucher.Value)];

    /// <summary>A typed code stands for a voucher that only the server knows: it names it in its answer.</summary>
    private static VoucherId? VoucherOf(JournalEntry entry) =>
        TokenDecoder.TryDecode(entry.Request.Digits, out var token) == TokenFault.None ? token!.Voucher
        : VoucherId.TryParse(entry.Answer?.VoucherNumber, out var answered) ? answered
        : null;

    private static ClassTime? SessionOf(TerminalClass asked, OfflineLimits limits, DateTimeOffset now)
    {
        var margin = TimeSpan.FromMinutes(limits.SessionMarginMinutes);
        return asked.Times.Where(one => OfflineJudge.EndOf(one) + margin >= now && one.HeldOn <= CountyTime.DayOf(now)).OrderBy(OfflineJudge.StartOf).FirstOrDefault();
    }

    private static bool IsOf(ScanRequest scan, ClassTime session, OfflineLimits limits)
    {
        var margin = TimeSpan.FromMinutes(limits.SessionMarginMinutes);
        return scan.Mode is ScanMode.CheckIn or ScanMode.CheckOut
            && scan.ScannedAt >= OfflineJudge.StartOf(session) - margin && scan.ScannedAt <= OfflineJudge.EndOf(session) + margin;
    }

    private static string? MarkOf(ILookup<VoucherId, ScanRequest> marks, VoucherId voucher, ScanMode mode) =>
        marks[voucher].Where(scan => scan.Mode == mode).Select(scan => CountyTime.ToLocal(scan.ScannedAt).ToString("HH:mm", CultureInfo.InvariantCulture)).LastOrDefault();

    private static string Clock(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);
}
