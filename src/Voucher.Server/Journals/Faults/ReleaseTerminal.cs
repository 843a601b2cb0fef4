using Voucher.Core.Wire;
using Voucher.Server.Api;
using Voucher.Server.Terminals;

namespace Voucher.Server.Journals.Faults;

/// <summary>
/// A person has looked at the faults of a terminal's journal: all of them are decided with one reason, and one that was stopped
/// may work again. Its entries from before stay suspect: each is judged by itself.
/// </summary>
public sealed class ReleaseTerminal(NpgsqlDataSource database, TerminalJournalReading journals, TerminalNotices notices, TimeProvider clock)
{
    public async Task<Outcome<Nothing>> RunAsync(TerminalId id, string? reason, Actor by)
    {
        var read = new FieldReader();
        var why = read.Text("reason", reason, Reasons.Longest);
        if (read.Errors.Count > 0) return read.Errors;
        if (await journals.FindAsync(id) is not { } journal) return Refusal.Of(RefusalCode.NotFound);
        if (!await DecideAsync(id, why, by)) return Refusal.Of(RefusalCode.TerminalWrongStep, journal.Status.Name());
        await notices.SetupChangedAsync(journal.InstitutionId);
        return Nothing.Value;
    }

    private async Task<bool> DecideAsync(TerminalId id, string reason, Actor by)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // The journal first, as an upload locks it.
        await UploadedJournalStore.LockAsync(connection, transaction, id);
        var done = await JournalFaultStore.ReleaseAsync(connection, transaction, id, reason, by.Account, now)
            || await NoteFaultStore.NoteAsync(connection, transaction, id, reason, by.Account, now);
        await transaction.CommitAsync();
        return done;
    }
}
