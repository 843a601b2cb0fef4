namespace Voucher.Server.Journals;

/// <summary>Whose offline scans are to be merged.</summary>
public sealed class MergeQueueStore(NpgsqlDataSource database)
{
    /// <summary>People with offline scans to merge; those whose attendance waits for an enrolment when it has waited since the given time.</summary>
    public async Task<IReadOnlyList<PersonId>> NextAsync(int take, DateTimeOffset parkedBefore)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<PersonId>("""
            select person_id from offline_scan
            where state = 1 and person_id is not null and (parked_at is null or parked_at < @parkedBefore)
            group by person_id order by min(received_at), person_id limit @take
            """, new { take, parkedBefore })];
    }

    /// <summary>Offline scans of what is no voucher of this county: a terminal knows better, unless its keys were old.</summary>
    public async Task<IReadOnlyList<Stranger>> StrangersAsync(int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<Stranger>("""
            select o.scan_id, o.terminal_id, o.branch, e.content
            from offline_scan o join journal_entry e on e.terminal_id = o.terminal_id and e.branch = o.branch and e.sequence = o.sequence
            where o.state = 1 and o.person_id is null order by o.received_at limit @take
            """, new { take })];
    }

    public sealed record Stranger(Guid ScanId, TerminalId TerminalId, short Branch, string Content);

    public async Task RefuseAsync(Stranger stranger, Redeeming.PresentedScan presented, Core.Wire.ScanAnswer answer)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into scan (id, terminal_id, sequence, content_hash, mode, class_id, refusal, scanned_at, received_at, answer)
            values (@ScanId, @TerminalId, @sequence, @ContentHash, @mode, @classId, @refusal, @scannedAt, @ReceivedAt, @text) on conflict do nothing;
            update offline_scan set state = 3 where scan_id = @ScanId;
            """,
            new
            {
                stranger.ScanId, stranger.TerminalId, sequence = stranger.Branch * MergeStore.BranchStride + presented.Scan.Sequence, presented.ContentHash,
                mode = (short)presented.Scan.Mode, classId = presented.Scan.ClassId, refusal = (short)answer.Refusal,
                scannedAt = presented.Scan.ScannedAt.UtcDateTime, presented.ReceivedAt, text = Core.Wire.WireJson.Write(answer),
            });
    }

    /// <summary>The answers that are decided, of those asked about; a terminal sees its own.</summary>
    public async Task<IReadOnlyList<string>> AnswersAsync(TerminalId terminal, IReadOnlyList<Guid> scans)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<string>(
            "select answer from scan where id = any(@scans) and terminal_id = @terminal", new { scans = scans.ToArray(), terminal })];
    }
}
