namespace Voucher.Server.Vouchers.Reissuing;

/// <summary>A request for a reissue that needs a second person's review.</summary>
/// <param name="Number">The how-manieth reissue it would be.</param>
/// <param name="Decision">1 approved, 2 refused; <c>null</c> while it waits.</param>
public sealed record ReissueRequest(
    long Id, VoucherId VoucherId, string Holder, int Number, string Reason, string RequestedBy, StaffId RequestedByStaff, DateTimeOffset RequestedAt,
    short? Decision, string? DecidedBy, DateTimeOffset? DecidedAt, string? DecidedReason, VoucherId? Successor);

/// <summary>How often paper was replaced, and the requests for another time.</summary>
public static class ReissueStore
{
    private const string Columns = """
        select q.id, q.voucher_id, p.name as holder, q.number, q.reason, s.name as requested_by, q.requested_by_staff, q.requested_at,
               q.decision, d.name as decided_by, q.decided_at, q.decided_reason, q.successor
        from reissue_request q
        join voucher v on v.id = q.voucher_id
        join person p on p.id = v.person_id
        join staff s on s.id = q.requested_by_staff
        left join staff d on d.id = q.decided_by_staff

        """;

    /// <summary>Which reissue of the paper the next one would be: 1 for the first.</summary>
    public static Task<int> NextNumberAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, VoucherId id) =>
        connection.QuerySingleAsync<int>("select reissues + 1 from voucher where id = @id", new { id }, transaction);

    public static async Task<ReissueRequest?> OpenOfAsync(
        NpgsqlConnection connection, RegionCode region, VoucherId voucher, NpgsqlTransaction? transaction = null) =>
        await connection.QuerySingleOrDefaultAsync<ReissueRequest>(
            Columns + "where q.region = @region and q.voucher_id = @voucher and q.decision is null", new { region, voucher }, transaction);

    /// <summary>Those that wait first, then the newest.</summary>
    public static async Task<IReadOnlyList<ReissueRequest>> ListAsync(NpgsqlConnection connection, RegionCode region, int skip, int take) =>
        [.. await connection.QueryAsync<ReissueRequest>(
            Columns + "where q.region = @region order by q.decision is not null, q.id desc offset @skip limit @take", new { region, skip, take })];

    public static Task<int> CountAsync(NpgsqlConnection connection, RegionCode region) =>
        connection.ExecuteScalarAsync<int>("select count(*)::int from reissue_request where region = @region", new { region });

    public static async Task<ReissueRequest?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, long id)
    {
        await connection.ExecuteAsync("select from reissue_request where id = @id for update", new { id }, transaction);
        return await connection.QuerySingleOrDefaultAsync<ReissueRequest>(
            Columns + "where q.region = @region and q.id = @id", new { region, id }, transaction);
    }

    public static Task<long> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, VoucherId voucher, int number, string reason, Actor by, DateTimeOffset now) =>
        connection.QuerySingleAsync<long>("""
            insert into reissue_request (region, voucher_id, number, reason, requested_by, requested_by_staff, requested_at)
            values (@region, @voucher, @number, @reason, @Account, @Staff, @now) returning id
            """, new { region, voucher, number, reason, by.Account, by.Staff, now }, transaction);

    /// <param name="successor">The reprint; <c>null</c>: it was refused, and <paramref name="reason"/> says why.</param>
    public static async Task DecideAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long id, VoucherId? successor, string? reason, Actor by, DateTimeOffset now)
    {
        var changed = await connection.ExecuteAsync("""
            update reissue_request
            set decision = @decision, decided_by = @Account, decided_by_staff = @Staff, decided_at = @now, decided_reason = @reason, successor = @successor
            where id = @id and decision is null and requested_by_staff <> @Staff
            """, new { id, decision = (short)(successor is null ? 2 : 1), successor, reason, by.Account, by.Staff, now }, transaction);
        if (changed != 1) throw new InvalidOperationException($"Reissue request {id} changed under its lock.");
    }
}
