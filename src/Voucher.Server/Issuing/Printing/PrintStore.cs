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
/// <param name="Part">Counts the files of its township from 1.</param>
public sealed record PrintTask(long JobId, int Number, string Title, BatchId BatchId, int Attempts, int? TownshipCode, int Part);

/// <summary>Print jobs and their files.</summary>
public static class PrintStore
{
    public static async Task<long> CreateAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, BatchId batch,
        IReadOnlyList<FileCut> files, AccountId by, DateTimeOffset now)
    {
        var job = await connection.QuerySingleAsync<long>(
            "insert into print_job (batch_id, created_by, created_at) values (@batch, @by, @now) returning id", new { batch, by, now }, transaction);
        await connection.ExecuteAsync(
            "insert into print_file (job_id, number, title, voucher_ids, status, township_code, part) values (@job, @number, @title, @ids, 1, @township, @part)",
            files.Select((file, index) => new
            {
                job, number = index + 1, title = file.Title, ids = file.Vouchers.Select(id => id.Value).ToArray(), township = file.Township, part = file.Part,
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
            select f.job_id, f.number, f.title, j.batch_id, f.attempts, f.township_code, f.part
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

    /// <summary>The bundles of the file's township over all files of the job: which village lies in which file.</summary>
    public static async Task<IReadOnlyList<BundleTotal>> TotalsAsync(NpgsqlConnection connection, PrintTask file) =>
        [.. await connection.QueryAsync<BundleTotal>("""
            select g.name as village, f.part, count(*)::int as vouchers
            from print_file f
            cross join lateral unnest(f.voucher_ids) as i (id)
            join voucher v on v.id = i.id
            join person p on p.id = v.person_id
            left join village g on g.code = p.village_code
            where f.job_id = @JobId and f.township_code is not distinct from @TownshipCode
            group by f.part, p.village_code, g.name
            order by f.part, p.village_code nulls last
            """, new { file.JobId, file.TownshipCode })];

    /// <param name="pdf"><c>null</c>: it could not be made.</param>
    public static Task FinishAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, PrintTask file, PrintStatus status, byte[]? pdf, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            update print_file
            set status = @status, size_bytes = length(@pdf), attempts = attempts + 1, finished_at = case when @status = 1 then null else @now end
            where job_id = @JobId and number = @Number;
            insert into print_content (job_id, number, pdf) select @JobId, @Number, @pdf where @pdf is not null
            on conflict (job_id, number) do update set pdf = excluded.pdf
            """, new { file.JobId, file.Number, status = (short)status, pdf, now }, transaction);

    /// <summary>The PDF; <c>null</c> when it is not there any more.</summary>
    public static Task<byte[]?> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PrintFile file) =>
        connection.QuerySingleOrDefaultAsync<byte[]?>(
            "select pdf from print_content where job_id = @JobId and number = @Number", new { file.JobId, file.Number }, transaction);

    public static Task MakeAgainAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PrintFile file) =>
        connection.ExecuteAsync("""
            update print_file set status = 1, attempts = 0, size_bytes = null, finished_at = null
            where job_id = @JobId and number = @Number and status = 2
            """, new { file.JobId, file.Number }, transaction);

    /// <summary>Removes files older than the instant; their rows stay and say so.</summary>
    public static Task RemoveOlderAsync(NpgsqlConnection connection, DateTimeOffset than) =>
        connection.ExecuteAsync("""
            with old as (
                update print_file set status = 4, size_bytes = null where status = 2 and finished_at < @than returning job_id, number)
            delete from print_content c using old where c.job_id = old.job_id and c.number = old.number
            """, new { than });
}
