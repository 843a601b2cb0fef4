namespace Voucher.Server.Journals.Faults;

/// <summary>Faults that stop no terminal, once a person has looked at them.</summary>
public static class NoteFaultStore
{
    /// <summary>All open faults of a terminal that works are decided; <c>false</c> when there is none.</summary>
    public static async Task<bool> NoteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalId terminal, string reason, AccountId by, DateTimeOffset now)
    {
        var noted = await connection.ExecuteAsync("""
            update journal_fault f set decided_by = @by, decided_at = @now, reason = @reason
            from terminal t where t.id = f.terminal_id and t.status = 2 and f.terminal_id = @terminal and f.decided_at is null
            """, new { terminal, by, now, reason }, transaction);
        if (noted > 0) await AuditTrail.AppendAsync(connection, transaction, now, by, "terminal.fault.noted", $"terminal:{terminal}", $"{noted} faults", Ground.Given(reason, Permission.ReleaseTerminal));
        return noted > 0;
    }
}
