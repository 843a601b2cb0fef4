using System.Security.Cryptography;

namespace Voucher.Server.Programmes.Teaching;

/// <summary>Teaching documents of the county's programmes, in all their versions.</summary>
public sealed class TeachingStore(NpgsqlDataSource database, County county)
{
    /// <summary>Documents of one programme on its page; the newest come first.</summary>
    public const int MostShown = 100;

    private const string Select = """
        select d.id, d.programme_id, d.institution_id, i.name as institution, d.kind, d.version, d.title, d.body,
               d.file_name, d.file_bytes, d.file_hash, d.status, author.name as handed_in_by, d.handed_in_at,
               decider.name as decided_by, d.decided_at, d.refused_reason
        from teaching_document d
        left join institution i on i.id = d.institution_id
        join account aa on aa.id = d.handed_in_by join staff author on author.id = aa.staff_id
        left join account da on da.id = d.decided_by left join staff decider on decider.id = da.staff_id
        where d.region = @Region and (@Only::int is null or d.institution_id is null or d.institution_id = @Only)
        """;

    /// <param name="only">Set for people of an institution: the county's documents and their own.</param>
    public async Task<IReadOnlyList<TeachingDocument>> ListAsync(ProgrammeId programme, InstitutionId? only)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<TeachingDocument>($"""
            {Select} and d.programme_id = @programme order by d.id desc limit @MostShown
            """, new { county.Region, Only = only, programme, MostShown })).AsList();
    }

    /// <summary>All that wait for a decision.</summary>
    public async Task<IReadOnlyList<TeachingDocument>> WaitingAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<TeachingDocument>($"""
            {Select} and d.status = 1 order by d.id limit @MostShown
            """, new { county.Region, Only = (InstitutionId?)null, MostShown })).AsList();
    }

    public async Task<TeachingDocument?> FindAsync(int id, InstitutionId? only)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<TeachingDocument>($"{Select} and d.id = @id", new { county.Region, Only = only, id });
    }

    /// <summary>Of each kind the newest approved version: the institution's own, else the county's.</summary>
    public async Task<IReadOnlyList<TeachingDocument>> InForceAsync(ProgrammeId programme, InstitutionId institution)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<TeachingDocument>($"""
            select distinct on (kind) * from ({Select} and d.programme_id = @programme and d.status = 2) approved
            order by kind, institution_id nulls last, version desc
            """, new { county.Region, Only = institution, programme })).AsList();
    }

    public async Task<byte[]?> ContentAsync(int id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<byte[]>("select content from teaching_file where document_id = @id", new { id });
    }

    /// <summary>Adds it as the next version of its kind. The programme is locked, so that no two become the same version.</summary>
    public async Task<(int Id, int Version)> AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ProgrammeId programme, InstitutionId? institution, TeachingEntry entry,
        AccountId by, DateTimeOffset now)
    {
        await connection.ExecuteAsync("select from programme where id = @programme for update", new { programme }, transaction);
        var added = await connection.QuerySingleAsync<(int, int)>("""
            insert into teaching_document (
                region, programme_id, institution_id, kind, version, title, body, file_name, file_bytes, file_hash, handed_in_by, handed_in_at)
            select @Region, @programme, @institution, @kind, 1 + coalesce(max(d.version), 0), @Title, @Body, @name, @bytes, @hash, @by, @now
            from teaching_document d
            where d.programme_id = @programme and d.institution_id is not distinct from @institution::int and d.kind = @kind
            returning id, version
            """,
            new
            {
                county.Region, programme, institution, kind = (short)entry.Kind, entry.Title, entry.Body, name = entry.File?.Name,
                bytes = entry.File?.Content.Length, hash = entry.File is { } file ? SHA256.HashData(file.Content) : null, by, now,
            }, transaction);
        if (entry.File is { Content: var content })
            await connection.ExecuteAsync("insert into teaching_file (document_id, content) values (@id, @content)", new { id = added.Item1, content }, transaction);
        return added;
    }

    /// <summary>Locks the document and tells who handed it in; <c>null</c> when the county has none of this number.</summary>
    public Task<(TeachingStatus Status, StaffId HandedInBy)?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int id) =>
        connection.QuerySingleOrDefaultAsync<(TeachingStatus, StaffId)?>("""
            select d.status, a.staff_id from teaching_document d join account a on a.id = d.handed_in_by
            where d.id = @id and d.region = @Region for update of d
            """, new { id, county.Region }, transaction);

    /// <summary>Guarded by the state, and by the rule that nobody decides on their own work.</summary>
    public static async Task DecideAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, int id, TeachingStatus verdict, string? reason, Actor by, DateTimeOffset now)
    {
        var changed = await connection.ExecuteAsync("""
            update teaching_document d set status = @verdict, refused_reason = @reason, decided_by = @Account, decided_at = @now
            from account a
            where d.id = @id and d.status = 1 and a.id = d.handed_in_by and a.staff_id <> @Staff
            """, new { id, verdict = (short)verdict, reason, by.Account, by.Staff, now }, transaction);
        if (changed != 1) throw new InvalidOperationException($"Teaching document {id} changed under its lock.");
    }
}
