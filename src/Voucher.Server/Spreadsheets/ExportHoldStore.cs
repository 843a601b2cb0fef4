namespace Voucher.Server.Spreadsheets;

/// <summary>
/// The worker's hold on the long exports: one at a time in the whole county, whichever server makes it. The hold is a lock of
/// the connection's session and everything is written over that connection, so that both end together.
/// </summary>
public sealed class ExportHoldStore : IAsyncDisposable
{
    private const long LockNumber = 0x6578706F7274; // "export"
    private readonly NpgsqlConnection _connection;

    private ExportHoldStore(NpgsqlConnection connection) => _connection = connection;

    /// <summary><c>null</c> while another server makes one.</summary>
    public static async Task<ExportHoldStore?> TryTakeAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        var connection = await database.OpenConnectionAsync(cancel);
        if (await connection.ExecuteScalarAsync<bool>("select pg_try_advisory_lock(@LockNumber)", new { LockNumber })) return new ExportHoldStore(connection);
        await connection.DisposeAsync();
        return null;
    }

    /// <summary>
    /// The next export, from its beginning: what was begun before goes behind the others, and its parts are thrown away.
    /// </summary>
    public Task<UnfinishedExport?> NextAsync(RegionCode region) => _connection.QuerySingleOrDefaultAsync<UnfinishedExport>("""
        with next as (
            update export_job set status = 2, attempts = attempts + 1, total_rows = null, done_rows = 0, bytes = 0, parts = 0
            where id = (select id from export_job where region = @region and status in (1, 2) order by attempts, id limit 1)
            returning id, list, language, fields_sealed, account_id, attempts),
        gone as (delete from export_part where job_id = (select id from next))
        select n.id, n.list, n.language, n.fields_sealed, a.login, n.attempts::int as attempts from next n join account a on a.id = n.account_id
        """, new { region });

    public Task CountedAsync(long id, long total) =>
        _connection.ExecuteAsync("update export_job set total_rows = @total where id = @id and status = 2", new { id, total });

    /// <summary>Adds a part of the file; false when its maker has taken the export away meanwhile.</summary>
    public async Task<bool> AddPartAsync(long id, int number, byte[] contentSealed, long bytes, long doneRows) =>
        await _connection.ExecuteAsync("""
            with job as (
                update export_job set parts = @number, bytes = @bytes, done_rows = @doneRows where id = @id and status = 2 returning id)
            insert into export_part (job_id, number, content_sealed) select id, @number, @contentSealed from job
            """, new { id, number, contentSealed, bytes, doneRows }) == 1;

    /// <summary>The file is whole; who has taken what stands on the audit trail.</summary>
    public async Task FinishAsync(UnfinishedExport job, ListExport list, Actor actor, long rows, ExportQuery query, DateTimeOffset now)
    {
        await using var transaction = await _connection.BeginTransactionAsync();
        await _connection.ExecuteAsync(
            "update export_job set status = 3, done_rows = @rows, finished_at = @now where id = @Id and status = 2", new { job.Id, rows, now }, transaction);
        await ExportTrail.AppendAsync(_connection, transaction, actor, list, rows, query, now);
        await transaction.CommitAsync();
    }

    public Task FailAsync(long id, Words why, DateTimeOffset now) => _connection.ExecuteAsync("""
        with gone as (delete from export_part where job_id = @id)
        update export_job set status = 4, failure_zh = @Zh, failure_en = @En, finished_at = @now where id = @id and status = 2
        """, new { id, why.Zh, why.En, now });

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _connection.ExecuteAsync("select pg_advisory_unlock(@LockNumber)", new { LockNumber });
        }
        catch (NpgsqlException)
        {
            // The session is gone, and its lock with it.
        }
        await _connection.DisposeAsync();
    }
}
