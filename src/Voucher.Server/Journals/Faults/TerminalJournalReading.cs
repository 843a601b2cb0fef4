using Voucher.Core.Journals;
using Voucher.Core.Wire;

namespace Voucher.Server.Journals.Faults;

/// <summary>A terminal whose journal a person has to look at.</summary>
/// <param name="Faults">Open ones.</param>
/// <param name="Suspects">Entries that wait for a person.</param>
public sealed record DoubtedTerminal(TerminalId Id, string Name, string Institution, TerminalStatus Status, int Faults, int Suspects)
{
    public bool IsQuarantined => Status == TerminalStatus.Quarantined;
}

/// <summary>Where a terminal's journal stands.</summary>
/// <param name="Branch">Further histories of the device beside its first.</param>
/// <param name="ReceiptAt">When the last receipt in the journal came in.</param>
/// <param name="ReleasedAt">When it was last released from quarantine.</param>
public sealed record TerminalJournal(
    TerminalId Id, string Name, InstitutionId InstitutionId, string Institution, TerminalStatus Status, long Sequence, short Branch, long Entries,
    long? ReceiptSequence, DateTimeOffset? ReceiptAt, DateTimeOffset? ReleasedAt, int Suspects);

/// <summary>An entry that waits for a person; the holder's name is masked.</summary>
/// <param name="Voucher"><c>null</c> when what was shown is no voucher of this county.</param>
public sealed record SuspectEntry(
    Guid Scan, short Branch, long Sequence, ScanMode Mode, Suspicion Suspicion, VoucherId? Voucher, string? Holder, string? Class, TimeBounds Bounds, DateTimeOffset At);

/// <summary>One entry of a journal and what came of it.</summary>
/// <param name="WallMs">What the machine's clock showed, Unix milliseconds.</param>
/// <param name="IsProvisional">The desk was told that it is accepted and will be confirmed.</param>
/// <param name="Refusal">The answer's number; 0: accepted, <c>null</c>: not answered.</param>
/// <param name="DecidedBy">Who judged a suspect entry.</param>
public sealed record JournalLine(
    short Branch, long Sequence, JournalEntryKind Kind, long WallMs, Guid EntryId, bool IsProvisional, DateTimeOffset ReceivedAt, OfflineScanState? State,
    Suspicion? Suspicion, short? Refusal, string? DecidedBy, string? Reason)
{
    /// <summary>Enough to tell one entry from another by eye.</summary>
    public string ShortId => EntryId.ToString()[..8];

    /// <summary>By the machine's own clock, which may say what it likes.</summary>
    public DateTimeOffset Wall => DeviceClock.WallOf(WallMs);
}

/// <summary>Reads terminals' journals for the county.</summary>
public sealed class TerminalJournalReading(NpgsqlDataSource database, County county)
{
    /// <summary>Entries on one page, and suspect ones that are judged at once.</summary>
    public const int PageSize = 50;

    private const int MostTerminals = 200;

    private sealed record SuspectRow(
        Guid ScanId, short Branch, long Sequence, ScanMode Mode, Suspicion Suspicion, VoucherId? VoucherId, string? Holder, string? Class,
        DateTimeOffset FromAt, DateTimeOffset ToAt, DateTimeOffset MadeAt);

    /// <summary>Those in quarantine first.</summary>
    public async Task<IReadOnlyList<DoubtedTerminal>> DoubtedAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<DoubtedTerminal>("""
            with fault as (select terminal_id, count(*)::int as faults from journal_fault where decided_at is null group by terminal_id),
                 suspect as (select terminal_id, count(*)::int as suspects from offline_scan where state = 5 group by terminal_id)
            select t.id, t.name, i.name as institution, t.status, coalesce(f.faults, 0) as faults, coalesce(s.suspects, 0) as suspects
            from terminal t
            join institution i on i.id = t.institution_id
            left join fault f on f.terminal_id = t.id
            left join suspect s on s.terminal_id = t.id
            where t.region = @Region and (t.status = 4 or (t.status <> 3 and f.faults > 0) or s.suspects > 0)
            order by t.status = 4 desc, i.name, t.name, t.id limit @MostTerminals
            """, new { county.Region, MostTerminals })];
    }

    public async Task<TerminalJournal?> FindAsync(TerminalId terminal)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<TerminalJournal?>("""
            select t.id, t.name, t.institution_id, i.name as institution, t.status, coalesce(h.sequence, 0) as sequence, coalesce(h.branch, 0::smallint) as branch,
                   (select count(*) from journal_entry e where e.terminal_id = t.id) as entries,
                   r.sequence as receipt_sequence, r.received_at as receipt_at, h.released_at,
                   (select count(*)::int from offline_scan o where o.terminal_id = t.id and o.state = 5) as suspects
            from terminal t
            join institution i on i.id = t.institution_id
            left join journal_head h on h.terminal_id = t.id
            left join lateral (
                select sequence, received_at from journal_entry e
                where e.terminal_id = t.id and e.kind = 2 order by e.branch desc, e.sequence desc limit 1) r on true
            where t.id = @terminal and t.region = @Region
            """, new { terminal, county.Region });
    }

    public async Task<IReadOnlyList<FaultRow>> FaultsAsync(TerminalId terminal)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await JournalFaultStore.ListAsync(connection, terminal);
    }

    /// <summary>Those that have waited longest.</summary>
    public async Task<IReadOnlyList<SuspectEntry>> SuspectsAsync(TerminalId terminal)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<SuspectRow>("""
            select o.scan_id, o.branch, o.sequence, o.mode, o.suspicion, o.voucher_id, p.name as holder, c.name as class, o.from_at, o.to_at, o.made_at
            from offline_scan o
            left join person p on p.id = o.person_id
            left join training_class c on c.id = o.class_id
            where o.terminal_id = @terminal and o.state = 5 order by o.branch, o.sequence limit @PageSize
            """, new { terminal, PageSize });
        return [.. rows.Select(row => new SuspectEntry(
            row.ScanId, row.Branch, row.Sequence, row.Mode, row.Suspicion, row.VoucherId, row.Holder is null ? null : PersonName.Masked(row.Holder), row.Class,
            new TimeBounds(row.FromAt, row.ToAt), row.MadeAt))];
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<JournalLine>> EntriesAsync(TerminalId terminal, int skip)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<JournalLine>("""
            select e.branch, e.sequence, e.kind, e.wall_ms, e.entry_id, e.is_provisional, e.received_at, o.state, o.suspicion, s.refusal, f.name as decided_by, o.reason
            from (
                select * from journal_entry where terminal_id = @terminal
                order by branch desc, sequence desc offset @skip limit @PageSize) e
            left join offline_scan o on o.scan_id = e.entry_id and e.kind = 1
            left join scan s on s.id = e.entry_id and e.kind = 1
            left join account a on a.id = o.decided_by
            left join staff f on f.id = a.staff_id
            order by e.branch desc, e.sequence desc
            """, new { terminal, skip, PageSize })];
    }
}
