namespace Voucher.Server.Register.Importing;

/// <summary>
/// The worker's hold on an import: one import at a time in the whole county, whichever server runs it. The hold is a lock of
/// the connection's session, so that it ends with the process that has it, however that ends.
/// </summary>
public sealed class ImportProgressStore : IAsyncDisposable
{
    private const long LockNumber = 0x7265676973746572; // "register"
    private readonly NpgsqlConnection _connection;

    private ImportProgressStore(NpgsqlConnection connection) => _connection = connection;

    /// <summary><c>null</c> while another server or process writes into the register.</summary>
    public static async Task<ImportProgressStore?> TryHoldAsync(NpgsqlDataSource database, CancellationToken cancel = default)
    {
        var connection = await database.OpenConnectionAsync(cancel);
        var held = await connection.ExecuteScalarAsync<bool>("select pg_try_advisory_lock(@LockNumber)", new { LockNumber });
        if (held) return new ImportProgressStore(connection);
        await connection.DisposeAsync();
        return null;
    }

    /// <summary>The import with its file; <c>null</c> when it is over.</summary>
    public Task<UnfinishedImport?> StartAsync(long id) => _connection.QuerySingleOrDefaultAsync<UnfinishedImport>("""
        update register_import set status = 2 where id = @id and status in (1, 2)
        returning id, file_name, content, list_id, done_rows, created_by, screen::text, columns::text
        """, new { id });

    /// <summary>The upload for a dry run, from its beginning; <c>null</c> when nobody wants it any more.</summary>
    public Task<UnfinishedImport?> StartCheckAsync(long id) => _connection.QuerySingleOrDefaultAsync<UnfinishedImport>("""
        with forgotten as (delete from register_import_error where import_id = @id and exists (select from register_import where id = @id and status = 6))
        update register_import set done_rows = 0, added = 0, changed = 0, unchanged = 0, bad = 0, to_review = 0 where id = @id and status = 6
        returning id, file_name, content, list_id, done_rows, created_by, screen::text, columns::text
        """, new { id });

    /// <summary>People, errors and progress of one chunk, together or not at all.</summary>
    /// <exception cref="InvalidOperationException">The import is not where this worker left it.</exception>
    public async Task WriteChunkAsync(
        long id, int doneBefore, Func<NpgsqlConnection, NpgsqlTransaction, Task<ChunkResult>> write, CancellationToken cancel)
    {
        await using var transaction = await _connection.BeginTransactionAsync(cancel);
        var chunk = await write(_connection, transaction);
        await InsertErrorsAsync(id, chunk.Errors, transaction);
        if (!await CountAsync(id, doneBefore, chunk, ImportStatus.Running, transaction)) throw new InvalidOperationException($"Import {id} changed under its lock.");
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>Errors and figures of one chunk of a dry run; false when it is not wanted any more.</summary>
    public async Task<bool> CheckChunkAsync(
        long id, int doneBefore, Func<NpgsqlConnection, NpgsqlTransaction, Task<ChunkResult>> look, CancellationToken cancel)
    {
        await using var transaction = await _connection.BeginTransactionAsync(cancel);
        var chunk = await look(_connection, transaction);
        await InsertErrorsAsync(id, chunk.Errors, transaction);
        if (!await CountAsync(id, doneBefore, chunk, ImportStatus.Checking, transaction)) return false;
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    /// <summary>The clerk has the next word.</summary>
    public Task FinishCheckAsync(long id, ImportPreview preview) => _connection.ExecuteAsync(
        "update register_import set status = 7, preview = @preview::jsonb where id = @id and status = 6", new { id, preview = preview.ToJson() });

    private async Task<bool> CountAsync(long id, int doneBefore, ChunkResult chunk, ImportStatus status, NpgsqlTransaction transaction) =>
        await _connection.ExecuteAsync("""
            update register_import
            set done_rows = done_rows + @Rows, added = added + @Added, changed = changed + @Changed,
                unchanged = unchanged + @Unchanged, bad = bad + @BadRows, to_review = to_review + @ToReview
            where id = @id and status = @status and done_rows = @doneBefore
            """,
            new
            {
                id, doneBefore, status = (short)status, chunk.Rows, chunk.People.Added, chunk.People.Changed, chunk.People.Unchanged, chunk.BadRows, chunk.ToReview,
            }, transaction) == 1;

    /// <summary>The upload is dropped: the register has it now.</summary>
    public Task FinishAsync(long id, DateTimeOffset now) => _connection.ExecuteAsync(
        "update register_import set status = 3, finished_at = @now, content = null, screen = null where id = @id and status = 2", new { id, now });

    public Task FailAsync(long id, Words failure, DateTimeOffset now) => _connection.ExecuteAsync("""
        update register_import set status = 4, finished_at = @now, content = null, screen = null, failure_zh = @Zh, failure_en = @En
        where id = @id and status in (1, 2, 6)
        """, new { id, now, failure.Zh, failure.En });

    /// <summary>The next chunk of an undo, together with how far it has come; false when it was the last, or is not wanted any more.</summary>
    public async Task<bool> UndoChunkAsync(long id, Func<NpgsqlConnection, NpgsqlTransaction, UndoOrder, Task<UndoStep>> undo, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await _connection.BeginTransactionAsync(cancel);
        var order = await _connection.QuerySingleOrDefaultAsync<UndoOrder>("""
            select undone_by as by, undo_reason as reason, coalesce(undo_after, 0) as after, undo_report::text as report
            from register_import where id = @id and status = 9 for update
            """, new { id }, transaction);
        if (order is null) return false;
        var step = await undo(_connection, transaction, order);
        await _connection.ExecuteAsync("""
            update register_import set undo_after = coalesce(@After, undo_after), undo_report = @report::jsonb,
                status = case when @After::bigint is null then 10 else status end, undone_at = @now
            where id = @id
            """, new { id, now, step.After, report = step.Report.ToJson() }, transaction);
        await transaction.CommitAsync(CancellationToken.None);
        return step.After is not null;
    }

    /// <summary>What was undone stays so; who asks again goes on where it stopped.</summary>
    public Task GiveUpUndoAsync(long id) => _connection.ExecuteAsync(
        "update register_import set status = 3, undone_by = null, undone_at = null, undo_reason = null where id = @id and status = 9", new { id });

    public async ValueTask DisposeAsync()
    {
        // A pooled connection outlives this hold; a broken one has lost the lock already.
        if (_connection.State == System.Data.ConnectionState.Open)
            await _connection.ExecuteAsync("select pg_advisory_unlock(@LockNumber)", new { LockNumber });
        await _connection.DisposeAsync();
    }

    private async Task InsertErrorsAsync(long id, IReadOnlyList<(int Row, RowProblem Problem)> errors, NpgsqlTransaction transaction)
    {
        if (errors.Count == 0) return;
        await _connection.ExecuteAsync("""
            insert into register_import_error (import_id, row_number, ordinal, column_name, reason_zh, reason_en)
            select @id, row_number, row_number() over (partition by row_number order by place), column_name, zh, en
            from unnest(@rows, @columns, @zh, @en) with ordinality as error (row_number, column_name, zh, en, place)
            """,
            new
            {
                id,
                rows = errors.Select(error => error.Row).ToArray(),
                columns = errors.Select(error => error.Problem.Column).ToArray(),
                zh = errors.Select(error => error.Problem.Reason.Zh).ToArray(),
                en = errors.Select(error => error.Problem.Reason.En).ToArray(),
            }, transaction);
    }
}
