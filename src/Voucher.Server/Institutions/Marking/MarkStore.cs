namespace Voucher.Server.Institutions.Marking;

/// <summary>双重点 and 对口帮扶.</summary>
public sealed class MarkStore(NpgsqlDataSource database, County county)
{
    private const string Select = """
        select m.id, m.institution_id, i.name as institution, m.kind, m.year, m.trade_code, t.name as trade, m.document_no, m.published_on,
               m.helper, m.helped_from, m.helped_until
        from institution_mark m join institution i on i.id = m.institution_id left join trade t on t.code = m.trade_code
        where m.region = @Region and m.ended_at is null
        """;

    /// <summary>Of one institution, or of all; newest first.</summary>
    public async Task<IReadOnlyList<InstitutionMark>> ListAsync(InstitutionId? institution)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<InstitutionMark>($"""
            {Select} and (@institution::int is null or m.institution_id = @institution)
            order by m.year desc, i.name, m.kind, m.id limit 1000
            """, new { county.Region, institution })).AsList();
    }

    /// <summary>What is shown to the public today: marks of the newest year that an institution has, and help that is going on.</summary>
    public async Task<IReadOnlyList<InstitutionMark>> ShownAsync(DateOnly today)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<InstitutionMark>($"""
            {Select} and (m.kind = 3 and @today between m.helped_from and m.helped_until
                or m.kind <> 3 and coalesce(m.published_on <= @today, true)
                   and m.year = (select max(n.year) from institution_mark n where n.institution_id = m.institution_id and n.kind = m.kind
                                 and n.ended_at is null and n.year <= extract(year from @today)))
            order by m.kind, m.id limit 1000
            """, new { county.Region, today })).AsList();
    }

    /// <summary><c>null</c> when the institution has this mark already.</summary>
    public Task<int?> AddAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, InstitutionId institution, MarkEntry entry, StaffId by, DateTimeOffset now) =>
        connection.QuerySingleOrDefaultAsync<int?>("""
            insert into institution_mark (region, institution_id, kind, year, trade_code, document_no, published_on, helper, helped_from, helped_until, created_staff, created_at)
            values (@Region, @institution, @kind, @Year, @TradeCode, @DocumentNo, @PublishedOn, @Helper, @HelpedFrom, @HelpedUntil, @by, @now)
            on conflict do nothing returning id
            """,
            new
            {
                county.Region, institution, kind = (short)entry.Kind, entry.Year, entry.TradeCode, entry.DocumentNo, entry.PublishedOn,
                entry.Helper, entry.HelpedFrom, entry.HelpedUntil, by, now,
            }, transaction);

    /// <summary>The institution whose mark it was; <c>null</c> when there is no such mark, or it has ended.</summary>
    public Task<InstitutionId?> EndAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int id, string reason, StaffId by, DateTimeOffset now) =>
        connection.QuerySingleOrDefaultAsync<InstitutionId?>("""
            update institution_mark set ended_at = @now, ended_staff = @by, ended_reason = @reason
            where id = @id and region = @Region and ended_at is null returning institution_id
            """, new { id, reason, by, now, county.Region }, transaction);
}
