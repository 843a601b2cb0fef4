namespace Voucher.Server.Supervising;

/// <summary>One spot check of a class (抽查).</summary>
public sealed record SpotCheck(long Id, DateTimeOffset CheckedAt, string CheckedBy, int Present, string Finding, bool IsClean, int Photos);

/// <summary>Spot checks; only ever added.</summary>
public sealed class SpotCheckStore(NpgsqlDataSource database)
{
    public async Task<IReadOnlyList<SpotCheck>> ListAsync(ClassId id)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<SpotCheck>("""
            select c.id, c.checked_at, s.name as checked_by, c.present, c.finding, c.is_clean,
                   (select count(*)::int from spot_check_photo p where p.spot_check_id = c.id) as photos
            from spot_check c join account a on a.id = c.checked_by join staff s on s.id = a.staff_id
            where c.class_id = @id order by c.id
            """, new { id });
        return rows.AsList();
    }

    public static Task AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ClassId id, SpotCheckEntry entry, AccountId by, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            insert into spot_check (class_id, checked_by, checked_at, present, finding, is_clean)
            values (@id, @by, @now, @Present, @Finding, @IsClean)
            """, new { id, by, now, entry.Present, entry.Finding, entry.IsClean }, transaction);
}
