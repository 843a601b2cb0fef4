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
        returning id, file_name, content, list_id, done_rows, created_by
        """, new { id });

    /// <summary>People, errors and progress of one chunk, together or not at all.</summary>
    /// <exception cref="InvalidOperationException">The import is not where this worker left it.</exception>
    public async Task WriteChunkAsync(
        long id, int doneBefore, Func<NpgsqlConnection, NpgsqlTransaction, Task<ChunkResult>> write, CancellationToken cancel)
    {
        await using var transaction = await _connection.BeginTransactionAsync(cancel);
        var chunk = await write(_connection, transaction);
        await InsertErrorsAsync(id, chunk.Errors, transaction);
        var updated = await _connection.ExecuteAsync("""
            update register_import
            set done_rows = done_rows + @Rows, added = added + @Added, changed = changed + @Changed,
                unchanged = unchanged + @Unchanged, bad = bad + @BadRows
            where id = @id and status = 2 and done_rows = @doneBefore
            """, new { id, doneBefore, chunk.Rows, chunk.People.Added, chunk.People.Changed, chunk.People.Unchanged, chunk.BadRows }, transaction);
        if (updated != 1) throw new InvalidOperationException($"Import {id} changed under its lock.");
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>The upload is dropped: the register has it now.</summary>
    public Task FinishAsync(long id, DateTimeOffset now) => _connection.ExecuteAsync(
        "update register_import set status = 3, finished_at = @now, content = null where id = @id and status = 2", new { id, now });

    public Task FailAsync(long id, Words failure, DateTimeOffset now) => _connection.ExecuteAsync("""
        update register_import set status = 4, finished_at = @now, content = null, failure_zh = @Zh, failure_en = @En
        where id = @id and status in (1, 2)
        """, new { id, now, failure.Zh, failure.En });

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
