namespace Voucher.Server.Issuing.Revoking;

/// <summary>Proposals to revoke many vouchers, and how far they are.</summary>
public static class RevocationStore
{
    private const string Columns = """
        select r.id, r.batch_id, r.person_id, r.institution_id, coalesce(b.name, i.name, p.name) as name, r.includes_enrolled, r.reason,
               r.status, r.vouchers, r.revoked, s.name as proposed_by, r.proposed_by_staff, r.proposed_at,
               d.name as decided_by, r.decided_at, r.decided_reason, r.finished_at,
               case when r.status = 1 then (
                   select count(*)::int from revocation_voucher f join voucher v on v.id = f.voucher_id
                   where f.revocation_id = r.id and (v.state in (1, 2) or r.includes_enrolled and v.state = 3) and not v.in_conflict
                       and (r.institution_id is null or exists (
                           select from enrolment e join training_class c on c.id = e.class_id
                           where e.voucher_id = v.id and e.is_active and c.institution_id = r.institution_id))) end as still_taken,
               r.retry_at
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

    /// <summary>Writes the proposal and freezes what it takes; answers with its number and how many that are.</summary>
    public static async Task<(long Id, int Vouchers)> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, RevocationScope scope, bool includesEnrolled, string reason,
        AccountId account, StaffId staff, DateTimeOffset at)
    {
        var id = await connection.QuerySingleAsync<long>("""
            insert into revocation (
                region, batch_id, person_id, institution_id, includes_enrolled, reason, status, vouchers, proposed_by, proposed_by_staff, proposed_at)
            values (@region, @Batch, @Person, @Institution, @includesEnrolled, @reason, 1, 0, @account, @staff, @at)
            returning id
            """,
            new { region, scope.Batch, scope.Person, scope.Institution, includesEnrolled, reason, account, staff, at }, transaction);
        return (id, await RevokingStore.FreezeAsync(connection, transaction, region, id, scope, includesEnrolled));
    }

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
