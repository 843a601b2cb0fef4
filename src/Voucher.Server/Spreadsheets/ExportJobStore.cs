namespace Voucher.Server.Spreadsheets;

/// <summary>Long exports, each its maker's own: nobody else finds it.</summary>
public sealed class ExportJobStore(NpgsqlDataSource database, County county)
{
    private const string Select = """
        select j.id, j.list, j.language, j.status, j.total_rows, j.done_rows, j.bytes, j.parts, j.asked_at, j.finished_at, j.failure_zh, j.failure_en
        from export_job j
        where j.region = @Region and j.account_id = @account
        """;

    /// <summary>Takes the export in, or returns <c>null</c> when its maker has too many.</summary>
    public async Task<long?> AddAsync(Actor actor, ListExport list, string language, byte[] fieldsSealed, string trail, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // One after the other, so that two requests at once do not both find room.
        await connection.ExecuteAsync("select from account where id = @Account for no key update", new { actor.Account }, transaction);
        var id = await connection.QuerySingleOrDefaultAsync<long?>("""
            insert into export_job (region, account_id, list, language, fields_sealed, asked_at)
            select @Region, @Account, @list, @language, @fieldsSealed, @now
            where (select count(*) from export_job where account_id = @Account and status in (1, 2)) < @MostUnfinished
              and (select count(*) from export_job where account_id = @Account) < @MostKept
            returning id
            """,
            new { county.Region, actor.Account, list = list.Key, language, fieldsSealed, now, ExportJob.MostUnfinished, ExportJob.MostKept }, transaction);
        if (id is null) return null;
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "export.ask", $"list:{list.Key}", ExportTrail.Cut($"export={id} {trail}".TrimEnd()),
            Ground.Under(list.Needs));
        await transaction.CommitAsync();
        return id;
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<ExportJob>> OfAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<ExportJob>($"{Select} order by j.id desc limit @MostKept", new { county.Region, account, ExportJob.MostKept })];
    }

    public async Task<ExportJob?> FindAsync(AccountId account, long id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<ExportJob>($"{Select} and j.id = @id", new { county.Region, account, id });
    }

    /// <summary>One part of the file, sealed; <c>null</c> where it is gone.</summary>
    public async Task<byte[]?> PartAsync(long id, int number)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<byte[]?>(
            "select content_sealed from export_part where job_id = @id and number = @number", new { id, number });
    }

    /// <summary>Takes one's own export away, whatever its state; false when there is none.</summary>
    public async Task<bool> RemoveAsync(AccountId account, long id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync("delete from export_job where region = @Region and account_id = @account and id = @id", new { county.Region, account, id }) == 1;
    }

    /// <summary>Removes what was asked for before a moment, with its file.</summary>
    public async Task<int> ClearAsync(DateTimeOffset before)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync("delete from export_job where region = @Region and asked_at < @before", new { county.Region, before });
    }
}
