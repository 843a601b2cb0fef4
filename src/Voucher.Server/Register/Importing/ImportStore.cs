namespace Voucher.Server.Register.Importing;

/// <summary>Numbers are stored: they never change meaning.</summary>
public enum ImportStatus
{
    Waiting = 1,
    Running = 2,
    Finished = 3,
    Failed = 4,
}

/// <summary>One import as lists and its page show it.</summary>
/// <param name="Bad">Rows, not errors.</param>
public sealed record ImportState(
    long Id, string FileName, string? ListName, ImportStatus Status, int TotalRows, int DoneRows, int Added, int Changed, int Unchanged,
    int Bad, string? FailureZh, string? FailureEn, string NotesZh, string NotesEn, string CreatedBy, DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt)
{
    public bool IsOver => Status is ImportStatus.Finished or ImportStatus.Failed;

    public Words? Failure => FailureZh is null ? null : new(FailureZh, FailureEn!);
}

/// <summary>What the worker needs of an import that is not over.</summary>
public sealed record UnfinishedImport(long Id, string FileName, byte[] Content, int? ListId, int DoneRows, AccountId CreatedBy);

/// <summary>One problem of one row, as it is kept.</summary>
public sealed record ImportError(int RowNumber, string ColumnName, string ReasonZh, string ReasonEn)
{
    public Words Reason => new(ReasonZh, ReasonEn);
}

/// <summary>What one chunk of rows came to.</summary>
public sealed record ChunkResult(int Rows, WrittenPeople People, int BadRows, IReadOnlyList<(int Row, RowProblem Problem)> Errors);

/// <summary>Imports, their progress and their errors.</summary>
public sealed class ImportStore(NpgsqlDataSource database, County county)
{
    private const string State = """
        select i.id, i.file_name, l.name as list_name, i.status::int, i.total_rows, i.done_rows, i.added, i.changed, i.unchanged, i.bad,
               i.failure_zh, i.failure_en, i.notes_zh, i.notes_en, s.name as created_by, i.created_at, i.finished_at
        from register_import i
        join account a on a.id = i.created_by join staff s on s.id = a.staff_id
        left join person_list l on l.id = i.list_id
        where i.region = @Region
        """;

    /// <param name="content">Sealed.</param>
    public async Task<long> AddAsync(
        string fileName, byte[] fileHash, byte[] content, string? list, int totalRows, Words notes, AccountId by, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var listId = list is null ? (int?)null : await connection.ExecuteScalarAsync<int>("""
            insert into person_list (region, name) values (@Region, @list)
            on conflict (region, name) do update set name = excluded.name returning id
            """, new { county.Region, list }, transaction);
        var id = await connection.ExecuteScalarAsync<long>("""
            insert into register_import (region, file_name, file_hash, content, list_id, status, total_rows, notes_zh, notes_en, created_by, created_at)
            values (@Region, @fileName, @fileHash, @content, @listId, 1, @totalRows, @Zh, @En, @by, @now) returning id
            """, new { county.Region, fileName, fileHash, content, listId, totalRows, notes.Zh, notes.En, by, now }, transaction);
        await AuditTrail.AppendAsync(connection, transaction, now, by, "register.import", $"import:{id}", $"rows={totalRows}");
        await transaction.CommitAsync();
        return id;
    }

    /// <summary>The newest earlier import of the very same file.</summary>
    public async Task<(long Id, DateTimeOffset At)?> FindSameFileAsync(byte[] fileHash)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QueryFirstOrDefaultAsync<(long, DateTimeOffset)?>("""
            select id, created_at from register_import where region = @Region and file_hash = @fileHash order by id desc limit 1
            """, new { county.Region, fileHash });
    }

    public async Task<ImportState?> GetAsync(long id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<ImportState>($"{State} and i.id = @id", new { county.Region, id });
    }

    public async Task<IReadOnlyList<ImportState>> NewestAsync(int count)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<ImportState>($"{State} order by i.id desc limit @count", new { county.Region, count })];
    }

    /// <summary>Oldest first; what was running when a server died comes before what waits.</summary>
    public async Task<long?> NextUnfinishedAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QueryFirstOrDefaultAsync<long?>("""
            select id from register_import where region = @Region and status in (1, 2) order by status desc, id limit 1
            """, new { county.Region });
    }

    public async Task<IReadOnlyList<ImportError>> ErrorsAsync(long id, int skip, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<ImportError>("""
            select row_number, column_name, reason_zh, reason_en from register_import_error
            where import_id = @id order by row_number, ordinal offset @skip limit @take
            """, new { id, skip, take })];
    }

    public async Task<int> CountErrorsAsync(long id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>("select count(*) from register_import_error where import_id = @id", new { id });
    }
}
