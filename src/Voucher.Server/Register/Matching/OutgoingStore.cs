namespace Voucher.Server.Register.Matching;

/// <summary>One person as another office is asked about them.</summary>
/// <param name="IdNumberSealed">Opened only where somebody has said why.</param>
public sealed record OutgoingPerson(PersonId Id, string Name, string IdNumberMasked, byte[] IdNumberSealed, bool IsMale, string? Township);

/// <summary>Reads the register for other offices' matching: without those who have left it.</summary>
public sealed class OutgoingStore(NpgsqlDataSource database, County county)
{
    /// <summary>In order of their number, after the given one.</summary>
    public async Task<IReadOnlyList<OutgoingPerson>> AfterAsync(PersonId last, int? township, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<OutgoingPerson>("""
            select p.id, p.name, p.id_number_masked, p.id_number_sealed, p.is_male, t.name as township
            from person p left join township t on t.code = p.township_code
            where p.region = @Region and p.id > @last and p.withdrawn_at is null and not p.is_bait
              and (@township::int is null or p.township_code = @township)
            order by p.id limit @take
            """, new { county.Region, last, township, take })];
    }

    /// <summary>How many <see cref="AfterAsync"/> would give in all.</summary>
    public async Task<int> CountAsync(int? township)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>("""
            select count(*)::int from person p
            where p.region = @Region and p.withdrawn_at is null and not p.is_bait and (@township::int is null or p.township_code = @township)
            """, new { county.Region, township });
    }

    /// <summary>Full numbers leave the county only with an entry in the trail.</summary>
    public async Task NoteAsync(AccountId by, string detail, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await AuditTrail.AppendAsync(connection, transaction, now, by, "register.export", $"region:{county.Region}", detail, Ground.Under(Permission.RunMatching));
        await transaction.CommitAsync();
    }
}
