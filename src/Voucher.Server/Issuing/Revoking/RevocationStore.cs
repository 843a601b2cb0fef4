namespace Voucher.Server.Issuing.Revoking;

/// <summary>Proposals to revoke many vouchers, and how far they are.</summary>
public static class RevocationStore
{
    private const string Columns = """
        select r.id, r.batch_id, r.person_id, r.institution_id, coalesce(b.name, i.name, p.name) as name, r.includes_enrolled, r.reason,
               r.status, r.vouchers, r.revoked, s.name as proposed_by, r.proposed_by_staff, r.proposed_at,
               d.name as decided_by, r.decided_at, r.decided_reason, r.finished_at
        from revocation r
        join staff s on s.id = r.proposed_by_staff
        left join staff d on d.id = r.decided_by_staff
        left join batch b on b.id = r.batch_id
        left join institution i on i.id = r.institution_id
        left join person p on p.id = r.person_id

        """;

    public static async Task<Revocation?> FindAsync(NpgsqlConnection connection, RegionCode region, long id, NpgsqlTransaction? transaction = null) =>
        await connection.QuerySingleOrDefaultAsync<Revocation>(Columns + "where r.region = @region and r.id = @id", new { region, id }, transaction);

    /// <summary>Newest first; those to decide on before all others.</summary>
    public static async Task<IReadOnlyList<Revocation>> ListAsync(NpgsqlConnection connection, RegionCode region, int skip, int take) =>
        [.. await connection.QueryAsync<Revocation>(
            Columns + "where r.region = @region order by r.status <> 1, r.id desc offset @skip limit @take", new { region, skip, take })];

    public static Task<int> CountAsync(NpgsqlConnection connection, RegionCode region) =>
        connection.ExecuteScalarAsync<int>("select count(*)::int from revocation where region = @region", new { region });

    /// <summary>Locks it, so that nobody else moves it until the transaction ends.</summary>
    public static async Task<Revocation?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long id)
    {
        await connection.ExecuteAsync("select from revocation where id = @id for no key update", new { id }, transaction);
        return await FindAsync(connection, region, id, transaction);
    }

    public static Task<bool> IsOpenAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RevocationScope scope) =>
        connection.ExecuteScalarAsync<bool>("""
            select exists (select from revocation where status in (1, 2)
                and batch_id is not distinct from @Batch and person_id is not distinct from @Person and institution_id is not distinct from @Institution)
            """, scope, transaction);

    public static Task<long> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, RevocationScope scope, bool includesEnrolled, string reason,
        int vouchers, AccountId account, StaffId staff, DateTimeOffset at) =>
        connection.QuerySingleAsync<long>("""
            insert into revocation (
                region, batch_id, person_id, institution_id, includes_enrolled, reason, status, vouchers, proposed_by, proposed_by_staff, proposed_at)
            values (@region, @Batch, @Person, @Institution, @includesEnrolled, @reason, 1, @vouchers, @account, @staff, @at)
            returning id
            """,
            new { region, scope.Batch, scope.Person, scope.Institution, includesEnrolled, reason, vouchers, account, staff, at }, transaction);

    public static async Task DecideAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long id, RevocationStatus status, string? reason, Actor by, DateTimeOffset now)
    {
        var changed = await connection.ExecuteAsync("""
            update revocation
            set status = @status, decided_by = @Account, decided_by_staff = @Staff, decided_at = @now, decided_reason = @reason
            where id = @id and status = 1 and proposed_by_staff <> @Staff
            """, new { id, status = (short)status, reason, by.Account, by.Staff, now }, transaction);
        if (changed != 1) throw new InvalidOperationException($"Revocation {id} changed under its lock.");
    }
}
