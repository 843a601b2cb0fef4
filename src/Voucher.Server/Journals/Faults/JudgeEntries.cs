using System.Globalization;
using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Redeeming;
using Voucher.Server.Terminals;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Journals.Faults;

/// <summary>A person lets suspect entries of a terminal in, or refuses them: one, or several with one reason.</summary>
public sealed class JudgeEntries(
    NpgsqlDataSource database, PolicyStore policies, County county, MergeHolder merge, MergeWorker merging, TerminalNotices notices, TimeProvider clock)
{
    /// <summary>Entries judged at once.</summary>
    public const int Most = TerminalJournalReading.PageSize;

    /// <summary><c>accept</c> or <c>refuse</c>.</summary>
    public static bool? ReadVerdict(string? verdict) => verdict switch { "accept" => true, "refuse" => false, _ => null };

    /// <summary>How many were judged.</summary>
    public async Task<Outcome<int>> RunAsync(TerminalId terminal, IReadOnlyCollection<Guid>? scans, bool? accepts, string? reason, Actor by)
    {
        var chosen = scans?.Distinct().ToList() ?? [];
        var (why, errors) = Read(chosen.Count, accepts, reason);
        if (errors.Count > 0) return errors;
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var found = await SuspectStore.LockAsync(connection, transaction, county.Region, terminal, chosen);
        if (found.Count != chosen.Count) return Refusal.Of(RefusalCode.NotFound);
        if (found.FirstOrDefault(entry => entry.State != OfflineScanState.Suspect) is { } judged)
            return Refusal.Under(policy, RefusalCode.EntryWrongStep, judged.State.Name());
        var state = accepts!.Value ? OfflineScanState.ToMerge : OfflineScanState.Refused;
        await SuspectStore.DecideAsync(connection, transaction, chosen, state, why, by.Account, now);
        if (state == OfflineScanState.Refused) await RefuseAsync(connection, transaction, terminal, found, why, now);
        await AuditTrail.AppendAsync(connection, transaction, now, by.Account, accepts.Value ? "entry.accept" : "entry.refuse", $"terminal:{terminal}", Named(found),
            Ground.Given(why, Permission.JudgeEntries));
        await transaction.CommitAsync();
        if (accepts.Value) await MergeAsync(found);
        return found.Count;
    }

    private static (string Reason, List<FieldError> Errors) Read(int count, bool? accepts, string? reason)
    {
        var read = new FieldReader();
        var why = read.Text("reason", reason, Reasons.Longest);
        if (count is 0 or > Most) read.Fault("scans", new($"请选择1至{Most}条记录", $"Choose 1 to {Most} entries"));
        if (accepts is null) read.Fault("verdict", new("请选择 accept（采用）或 refuse（不采用）", "Choose accept or refuse"));
        return (why, read.Errors);
    }

    private async Task RefuseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalId terminal, IReadOnlyList<LockedEntry> entries, string reason, DateTimeOffset now)
    {
        foreach (var entry in entries)
        {
            var scan = entry.Scan;
            var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(entry.MadeAt));
            var presented = new PresentedScan(terminal, scan, Token: null, Refusal: null, ScanRequestCheck.ContentHash(scan), now, policy);
            var stored = entry.VoucherId is { } voucher ? await VoucherStore.LoadAsync(connection, voucher, transaction) : null;
            var answer = ScanAnswers.Refused(presented, Refusal.Under(policy, RefusalCode.EntryNotAccepted, reason), stored);
            await SuspectStore.AnswerAsync(connection, transaction, entry, presented, answer);
        }
    }

    /// <summary>The ledger follows at once; should one person's merge fail, the worker tries again with what is written.</summary>
    private async Task MergeAsync(IReadOnlyList<LockedEntry> entries)
    {
        merging.Wake();
        foreach (var person in entries.Select(entry => entry.PersonId).OfType<PersonId>().Distinct())
        {
            var news = await merge.RunAsync(person);
            foreach (var institution in news.Cases) await notices.SetupChangedAsync(institution);
        }
    }

    private static string Named(IReadOnlyList<LockedEntry> entries) =>
        $"{entries.Count} entries: " + string.Join(' ', entries.OrderBy(entry => entry.Sequence).Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Branch}/{entry.Sequence}")));
}
