namespace Voucher.Server.Register.Importing;

/// <summary>Imports, their progress and their errors.</summary>
public sealed class ImportStore(NpgsqlDataSource database, County county)
{
    private const string State = """
        select i.id, i.file_name, l.name as list_name, i.status::int, i.total_rows, i.done_rows, i.added, i.changed, i.unchanged, i.bad, i.to_review,
               i.failure_zh, i.failure_en, i.notes_zh, i.notes_en, s.name as created_by, i.created_at, i.finished_at,
               (select u.name from account b join staff u on u.id = b.staff_id where b.id = i.undone_by) as undone_by, i.undone_at, i.undo_reason
        from register_import i
        join account a on a.id = i.created_by join staff s on s.id = a.staff_id
        left join person_list l on l.id = i.list_id
        where i.region = @Region
        """;

    public async Task<long> AddAsync(NewImport import, AccountId by, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var listId = import.List is null ? (int?)null : await connection.ExecuteScalarAsync<int>("""
            insert into person_list (region, name) values (@Region, @List)
            on conflict (region, name) do update set name = excluded.name returning id
            """, new { county.Region, import.List }, transaction);
        var id = await connection.ExecuteScalarAsync<long>("""
            insert into register_import (
                region, file_name, file_hash, content, list_id, status, total_rows, notes_zh, notes_en, screen, columns, created_by, created_at)
            values (@Region, @FileName, @FileHash, @Content, @listId, @status, @TotalRows, @Zh, @En, @screen::jsonb, @columns::jsonb, @by, @now) returning id
            """,
            new
            {
                county.Region, import.FileName, import.FileHash, import.Content, listId, status = (short)import.Status, import.TotalRows,
                import.Notes.Zh, import.Notes.En, screen = import.Screen?.ToJson(), columns = import.Choice?.ToJson(), by, now,
            }, transaction);
        await AuditTrail.AppendAsync(connection, transaction, now, by, "register.import", $"import:{id}", $"rows={import.TotalRows}",
            Ground.Under(Permission.ImportRegister));
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

    /// <summary>What a clerk is shown before the import starts; <c>null</c> when it needs no clerk.</summary>
    public async Task<ImportPlan?> PlanAsync(long id)
    {
        await using var connection = await database.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync<(string? Screen, string? Columns, string? Preview)>(
            "select screen::text, columns::text, preview::text from register_import where region = @Region and id = @id", new { county.Region, id });
        return row is { Screen: { } screen, Columns: { } columns }
            ? new(FileScreen.FromJson(screen), ColumnChoice.FromJson(columns), row.Preview is { } preview ? ImportPreview.FromJson(preview) : null)
            : null;
    }

    public async Task<IReadOnlyList<ImportState>> NewestAsync(int count, int skip = 0)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<ImportState>($"{State} order by i.id desc offset @skip limit @count", new { county.Region, count, skip })];
    }

    /// <summary>Oldest first; what was running when a server died comes before what waits, and what somebody waits to see before both.</summary>
    public async Task<(long Id, ImportStatus Status)?> NextUnfinishedAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        var next = await connection.QueryFirstOrDefaultAsync<(long Id, int Status)?>("""
            select id, status::int from register_import where region = @Region and status in (1, 2, 6, 9)
            order by case status when 2 then 1 when 9 then 2 when 1 then 3 else 4 end, id limit 1
            """, new { county.Region });
        return next is var (id, status) ? (id, (ImportStatus)status) : null;
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
