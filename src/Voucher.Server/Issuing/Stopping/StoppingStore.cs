namespace Voucher.Server.Issuing.Stopping;

/// <summary>Halts, resumes and ends a batch under its lock.</summary>
public static class StoppingStore
{
    public static async Task PauseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, BatchId id, string reason, bool asksToStop, Actor by, DateTimeOffset now) =>
        Expect(id, await connection.ExecuteAsync("""
            update batch
            set paused_at = @now, paused_by = @Account, paused_by_staff = @Staff, pause_reason = @reason, is_stop_asked = @asksToStop
            where id = @id and status = 2 and not is_stop_asked
            """, new { id, reason, asksToStop, by.Account, by.Staff, now }, transaction));

    public static async Task ResumeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, BatchId id) =>
        Expect(id, await connection.ExecuteAsync("""
            update batch set paused_at = null, paused_by = null, paused_by_staff = null, pause_reason = null, is_stop_asked = false
            where id = @id and status = 2 and paused_at is not null
            """, new { id }, transaction));

    public static async Task StopAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, BatchId id, Actor by, DateTimeOffset now) =>
        Expect(id, await connection.ExecuteAsync("""
            update batch
            set status = 6, stopped_by_staff = @Staff, closed_by = @Account, closed_at = @now, closing_reason = pause_reason, finished_at = @now
            where id = @id and status = 2 and is_stop_asked and paused_by_staff <> @Staff
            """, new { id, by.Account, by.Staff, now }, transaction));

    public static Task<(AccountId Account, StaffId Staff, DateTimeOffset At)> AskedByAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, BatchId id) =>
        connection.QuerySingleAsync<(AccountId, StaffId, DateTimeOffset)>(
            "select paused_by, paused_by_staff, paused_at from batch where id = @id", new { id }, transaction);

    private static void Expect(BatchId id, int changed)
    {
        if (changed != 1) throw new InvalidOperationException($"Batch {id} changed under its lock.");
    }
}
