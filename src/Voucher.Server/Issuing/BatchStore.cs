namespace Voucher.Server.Issuing;

/// <summary>Reads batches, and moves one from step to step under its lock.</summary>
public static class BatchStore
{
    private const string Columns = """
        select b.id, b.name, b.kind, b.scope, coalesce(p.name, t.name) as scope_name, b.face_value_fen,
               b.valid_from, b.valid_until, b.budget_line_id, f.name || ' · ' || l.name as budget_line_name, b.policy_id,
               b.status, b.people, b.written,
               d.name as drafted_by, b.drafted_by_staff, b.drafted_at,
               a.name as approved_by, b.approved_at, b.finished_at, c.name as closed_by, b.closing_reason,
               b.paused_at, u.name as paused_by, b.paused_by_staff, b.pause_reason, b.is_stop_asked
        from batch b
        join budget_line l on l.id = b.budget_line_id
        join fund_source f on f.id = l.fund_source_id
        join staff d on d.id = b.drafted_by_staff
        left join staff a on a.id = b.approved_by_staff
        left join account k on k.id = b.closed_by
        left join staff c on c.id = k.staff_id
        left join staff u on u.id = b.paused_by_staff
        left join trade t on t.code = b.scope
        left join programme p on p.region = b.region and p.code = b.scope

        """;

    public static async Task<Batch?> FindAsync(NpgsqlConnection connection, RegionCode region, BatchId id, NpgsqlTransaction? transaction = null) =>
        await connection.QuerySingleOrDefaultAsync<Batch>(Columns + "where b.region = @region and b.id = @id", new { region, id }, transaction);

    /// <summary>Newest first.</summary>
    public static async Task<IReadOnlyList<Batch>> ListAsync(NpgsqlConnection connection, RegionCode region, int skip, int take) =>
        [.. await connection.QueryAsync<Batch>(
            Columns + "where b.region = @region and not b.is_bait order by b.id desc offset @skip limit @take", new { region, skip, take })];

    public static Task<int> CountAsync(NpgsqlConnection connection, RegionCode region) =>
        connection.ExecuteScalarAsync<int>("select count(*)::int from batch where region = @region and not is_bait", new { region });

    /// <summary>Money of a budget line that nothing has reserved.</summary>
    public static async Task<Fen> FreeAsync(NpgsqlConnection connection, BudgetLineId line) =>
        await connection.QuerySingleOrDefaultAsync<Fen?>(
            "select balance_fen from ledger_account where budget_line_id = @line and kind = 2", new { line }) ?? Fen.Zero;

    /// <summary>Locks the batch, so that nobody else moves it until the transaction ends.</summary>
    public static async Task<Batch?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, BatchId id)
    {
        await connection.ExecuteAsync("select from batch where id = @id for no key update", new { id }, transaction);
        return await FindAsync(connection, region, id, transaction);
    }

    /// <summary>Takes a run of numbers without gaps and returns the first.</summary>
    public static Task<long> TakeSerialsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, int count) =>
        connection.QuerySingleAsync<long>("""
            insert into voucher_serial as s (region, next_serial) values (@region, 1 + @count)
            on conflict (region) do update set next_serial = s.next_serial + @count
            returning next_serial - @count
            """, new { region, count }, transaction);

    public static async Task ApproveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, BatchId id, long firstSerial, Actor by, DateTimeOffset now)
    {
        var changed = await connection.ExecuteAsync("""
            update batch
            set status = 2, first_serial = @firstSerial, approved_by = @Account, approved_by_staff = @Staff, approved_at = @now
            where id = @id and status = 1
            """, new { id, firstSerial, by.Account, by.Staff, now }, transaction);
        if (changed != 1) throw new InvalidOperationException($"Batch {id} changed under its lock.");
    }

    public static async Task CloseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, BatchId id, BatchStatus status, string reason, AccountId by, DateTimeOffset now)
    {
        var changed = await connection.ExecuteAsync("""
            update batch set status = @status, closed_by = @by, closed_at = @now, closing_reason = @reason where id = @id and status = 1
            """, new { id, status = (short)status, reason, by, now }, transaction);
        if (changed != 1) throw new InvalidOperationException($"Batch {id} changed under its lock.");
    }
}
