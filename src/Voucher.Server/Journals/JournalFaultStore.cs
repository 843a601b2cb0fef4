namespace Voucher.Server.Journals;

/// <summary>A fault as the county sees it.</summary>
public sealed record FaultRow(
    long Id, TerminalId TerminalId, JournalFaultKind Kind, long Sequence, DateTimeOffset FoundAt, bool Quarantines,
    string? DecidedBy, DateTimeOffset? DecidedAt, string? Reason);

/// <summary>Faults found in journals, and the quarantine that follows from some.</summary>
public static class JournalFaultStore
{
    /// <summary>Writes the fault down and stops the terminal where the fault calls for it.</summary>
    public static async Task InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalId terminal, JournalFault fault, DateTimeOffset now)
    {
        await connection.ExecuteAsync("""
            insert into journal_fault (terminal_id, kind, sequence, found_at, quarantines) values (@terminal, @Kind, @Sequence, @now, @Quarantines)
            """, new { terminal, Kind = (short)fault.Kind, fault.Sequence, now, fault.Quarantines }, transaction);
        if (fault.Quarantines)
            await connection.ExecuteAsync("update terminal set status = 4 where id = @terminal and status = 2", new { terminal }, transaction);
        await AuditTrail.AppendAsync(
            connection, transaction, now, account: null, fault.Quarantines ? "terminal.quarantine" : "terminal.fault", $"terminal:{terminal}",
            $"{fault.Kind} at {fault.Sequence}", Ground.Server);
    }

    public static async Task<IReadOnlyList<FaultRow>> ListAsync(NpgsqlConnection connection, TerminalId terminal) =>
        [.. await connection.QueryAsync<FaultRow>("""
            select f.id, f.terminal_id, f.kind, f.sequence, f.found_at, f.quarantines, s.name as decided_by, f.decided_at, f.reason
            from journal_fault f left join account a on a.id = f.decided_by left join staff s on s.id = a.staff_id
            where f.terminal_id = @terminal order by f.id desc limit 200
            """, new { terminal })];

    /// <summary>The county has looked: all open faults of the terminal are decided, and it may work again.</summary>
    public static async Task<bool> ReleaseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalId terminal, string reason, AccountId by, DateTimeOffset now)
    {
        var released = await connection.ExecuteAsync("update terminal set status = 2 where id = @terminal and status = 4", new { terminal }, transaction);
        if (released != 1) return false;
        await connection.ExecuteAsync("""
            update journal_fault set decided_by = @by, decided_at = @now, reason = @reason where terminal_id = @terminal and decided_at is null;
            update journal_head set released_at = @now where terminal_id = @terminal;
            """, new { terminal, by, now, reason }, transaction);
        await AuditTrail.AppendAsync(connection, transaction, now, by, "terminal.release", $"terminal:{terminal}", "", Ground.Given(reason, Permission.ReleaseTerminal));
        return true;
    }
}
