namespace Voucher.Server.Register.Importing;

/// <summary>The steps that a clerk takes with an upload before and after it is imported; each is audited with it.</summary>
public sealed class ImportStepStore(NpgsqlDataSource database, LayoutStore layouts, County county)
{
    private const string Reset = "done_rows = 0, added = 0, changed = 0, unchanged = 0, bad = 0, to_review = 0, preview = null";

    /// <summary>The columns are as the clerk says, now and for every file of the layout; the dry run begins anew.</summary>
    public async Task<bool> ConfirmAsync(long id, FileScreen screen, ColumnChoice choice, Words notes, AccountId by, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var confirmed = await connection.ExecuteAsync($"""
            update register_import set status = 6, columns = @columns::jsonb, notes_zh = @Zh, notes_en = @En, {Reset}
            where region = @Region and id = @id and status in (5, 7)
            """, new { county.Region, id, columns = choice.ToJson(), notes.Zh, notes.En }, transaction);
        if (confirmed == 0) return false;
        await layouts.RememberAsync(connection, transaction, screen.Titles, choice, by, now);
        await AuditTrail.AppendAsync(connection, transaction, now, by, "import.columns", $"import:{id}", string.Join(' ', choice.Columns.Keys),
            Ground.Under(Permission.ImportRegister));
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>Whoever starts the import is who brings about its changes. The sample is not needed any more.</summary>
    public Task<bool> BeginAsync(long id, AccountId by, DateTimeOffset now) => StepAsync($"""
        with forgotten as (delete from register_import_error where import_id = @id and exists (
            select from register_import where region = @Region and id = @id and status = 7))
        update register_import set status = 1, screen = jsonb_set(screen, '{"{sample}"}', '[]'), created_by = @by, {Reset}
        where region = @Region and id = @id and status = 7
        """, id, "import.start", by, now);

    public Task<bool> DiscardAsync(long id, AccountId by, DateTimeOffset now) => StepAsync("""
        update register_import set status = 8, content = null, screen = null, preview = null, finished_at = @now
        where region = @Region and id = @id and status in (5, 6, 7)
        """, id, "import.discard", by, now);

    /// <summary>Uploads that nobody has started for so long are dropped: they hold people's data.</summary>
    public async Task DropForgottenAsync(DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            update register_import set status = 8, content = null, screen = null, preview = null, finished_at = @now
            where region = @Region and status in (5, 7) and created_at < @before
            """, new { county.Region, now, before = now - UploadLimits.WaitForClerk });
    }

    /// <summary>The undo is the worker's from here on.</summary>
    public async Task<bool> AskUndoAsync(long id, string reason, AccountId by, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var asked = await connection.ExecuteAsync("""
            update register_import set status = 9, undone_by = @by, undone_at = @now, undo_reason = @reason
            where region = @Region and id = @id and status in (3, 4) and added + changed > 0
            """, new { county.Region, id, by, now, reason }, transaction);
        if (asked == 0) return false;
        await AuditTrail.AppendAsync(connection, transaction, now, by, "import.undo", $"import:{id}", reason, Ground.Given(reason, Permission.ImportRegister));
        await transaction.CommitAsync();
        return true;
    }

    private async Task<bool> StepAsync(string update, long id, string action, AccountId by, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await connection.ExecuteAsync(update, new { county.Region, id, by, now }, transaction) == 0) return false;
        await AuditTrail.AppendAsync(connection, transaction, now, by, action, $"import:{id}", "", Ground.Under(Permission.ImportRegister));
        await transaction.CommitAsync();
        return true;
    }
}
