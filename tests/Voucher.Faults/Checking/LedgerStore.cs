namespace Voucher.Faults.Checking;

/// <summary>A scan as the database has it.</summary>
/// <param name="Events">Voucher events that name it as their cause.</param>
/// <param name="Consequences">Rows of roster, attendance or completion that it left behind.</param>
public sealed record StoredScan(Guid Id, int Terminal, long Sequence, short Mode, string Answer, long Events, long Consequences);

/// <summary>One entry of the audit trail that was its last at some moment.</summary>
public sealed record AuditHead(long Number, string Hash);

/// <summary>What the checker reads, past the servers.</summary>
public sealed class LedgerStore(NpgsqlDataSource database)
{
    public async Task<ILookup<Guid, StoredScan>> ScansAsync(IReadOnlyList<Guid> ids)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<StoredScan>("""
            select s.id, s.terminal_id as terminal, s.sequence, s.mode, s.answer::text as answer,
                   (select count(*) from voucher_event e where e.voucher_id = s.voucher_id and e.scan_id = s.id) as events,
                   case s.mode
                       when 1 then (select count(*) from enrolment n where n.voucher_id = s.voucher_id and n.is_active)
                       when 2 then (select count(*) from attendance a join enrolment n on n.id = a.enrolment_id
                                    where n.voucher_id = s.voucher_id and a.in_scan_id = s.id)
                       when 3 then (select count(*) from attendance a join enrolment n on n.id = a.enrolment_id
                                    where n.voucher_id = s.voucher_id and a.out_scan_id = s.id)
                       when 4 then (select count(*) from completion c where c.voucher_id = s.voucher_id and c.scan_id = s.id)
                   end as consequences
            from scan s where s.id = any(@ids)
            """, new { ids });
        return rows.ToLookup(row => row.Id);
    }

    /// <summary>All scans that the database has.</summary>
    public async Task<IReadOnlyList<(Guid Id, int Terminal, long Sequence)>> AllScansAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<(Guid, int, long)>("select id, terminal_id, sequence from scan")];
    }

    /// <summary>Every index, constraint and trigger: what the database itself guards.</summary>
    public async Task<IReadOnlySet<string>> GuardsAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<string>("""
            select indexdef from pg_indexes where schemaname = 'public'
            union all
            select conrelid::regclass || ': ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace
            union all
            select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
            """)).ToHashSet(StringComparer.Ordinal);
    }

    public async Task<AuditHead?> AuditHeadAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<AuditHead>(
            "select number, encode(hash, 'hex') as hash from audit_entry order by number desc limit 1");
    }

    public async Task<string?> AuditHashAsync(long number)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<string?>("select encode(hash, 'hex') from audit_entry where number = @number", new { number });
    }
}
