namespace Voucher.Server.Issuing.Printing;

/// <summary>Where a file of a print job stands. Numbers are stored: they never change meaning.</summary>
public enum PrintStatus : short
{
    Waiting = 1,
    Ready = 2,
    Failed = 3,

    /// <summary>Its days of keeping are over; print again if it is needed.</summary>
    Removed = 4,
}

public static class PrintStatuses
{
    public static Words Name(this PrintStatus status) => status switch
    {
        PrintStatus.Waiting => new("排队中", "Waiting"),
        PrintStatus.Ready => new("可下载", "Ready"),
        PrintStatus.Failed => new("失败", "Failed"),
        PrintStatus.Removed => new("已清除", "Removed"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown status of a print file."),
    };
}

/// <summary>One PDF of a print job.</summary>
public sealed record PrintFile(long JobId, int Number, string Title, PrintStatus Status, int Vouchers, long? SizeBytes, DateTimeOffset? FinishedAt);

/// <summary>A file to be made now.</summary>
public sealed record PrintTask(long JobId, int Number, string Title, BatchId BatchId, int Attempts);

/// <summary>Print jobs and their files.</summary>
public static class PrintStore
{
    public static async Task<long> CreateAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, BatchId batch,
        IReadOnlyList<(string Title, VoucherId[] Vouchers)> files, AccountId by, DateTimeOffset now)
    {
        var job = await connection.QuerySingleAsync<long>(
            "insert into print_job (batch_id, created_by, created_at) values (@batch, @by, @now) returning id", new { batch, by, now }, transaction);
        await connection.ExecuteAsync(
            "insert into print_file (job_id, number, title, voucher_ids, status) values (@job, @number, @title, @ids, 1)",
            files.Select((file, index) => new
            {
                job, number = index + 1, title = file.Title, ids = file.Vouchers.Select(id => id.Value).ToArray(),
            }), transaction);
        return job;
    }

    /// <summary>Files of the batch's newest job.</summary>
    public static async Task<IReadOnlyList<PrintFile>> NewestAsync(NpgsqlConnection connection, BatchId batch) =>
        [.. await connection.QueryAsync<PrintFile>("""
            select job_id, number, title, status, cardinality(voucher_ids) as vouchers, size_bytes, finished_at
            from print_file
            where job_id = (select max(id) from print_job where batch_id = @batch)
            order by number
            """, new { batch })];

    /// <summary>
    /// Takes the next file for as long as the transaction lasts; other servers pass it over, and a server that dies lets go
    /// of it.
    /// </summary>
    public static Task<PrintTask?> TakeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region) =>
        connection.QuerySingleOrDefaultAsync<PrintTask?>("""
            select f.job_id, f.number, f.title, j.batch_id, f.attempts
            from print_file f
            join print_job j on j.id = f.job_id
            join batch b on b.id = j.batch_id and b.region = @region
            where f.status = 1
            order by f.job_id, f.number
            limit 1
            for no key update of f skip locked
            """, new { region }, transaction);

    /// <summary>In the order in which they are printed.</summary>
    public static async Task<IReadOnlyList<VoucherId>> VouchersAsync(NpgsqlConnection connection, PrintTask file) =>
        [.. await connection.QueryAsync<VoucherId>("""
            select v.id
            from print_file f cross join lateral unnest(f.voucher_ids) with ordinality as v (id, place)
            where f.job_id = @JobId and f.number = @Number
            order by v.place
            """, new { file.JobId, file.Number })];

    public static Task FinishAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PrintTask file, PrintStatus status, long? sizeBytes, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            update print_file
            set status = @status, size_bytes = @sizeBytes, attempts = attempts + 1, finished_at = case when @status = 1 then null else @now end
            where job_id = @JobId and number = @Number
            """, new { file.JobId, file.Number, status = (short)status, sizeBytes, now }, transaction);

    /// <summary>Marks files older than the instant as removed and returns them.</summary>
    public static async Task<IReadOnlyList<(long JobId, int Number)>> RemoveOlderAsync(NpgsqlConnection connection, DateTimeOffset than) =>
        [.. await connection.QueryAsync<(long, int)>(
            "update print_file set status = 4, size_bytes = null where status = 2 and finished_at < @than returning job_id, number", new { than })];
}
