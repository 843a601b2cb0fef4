using System.Text.Json;
using Voucher.Core.Wire;
using Voucher.Server.Redeeming;

namespace Voucher.Server.Journals.Faults;

/// <summary>A suspect entry under its lock.</summary>
public sealed record LockedEntry(Guid ScanId, short Branch, long Sequence, VoucherId? VoucherId, PersonId? PersonId, OfflineScanState State, DateTimeOffset MadeAt, string Content)
{
    public ScanRequest Scan => JsonSerializer.Deserialize(Content, WireJson.Default.ScanRequest)!;
}

/// <summary>Writes what persons decide on suspect entries.</summary>
public static class SuspectStore
{
    /// <summary>Those of the terminal, in order of their ids.</summary>
    public static async Task<IReadOnlyList<LockedEntry>> LockAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, TerminalId terminal, IReadOnlyCollection<Guid> scans) =>
        [.. await connection.QueryAsync<LockedEntry>("""
            select o.scan_id, o.branch, o.sequence, o.voucher_id, o.person_id, o.state, o.made_at, e.content
            from offline_scan o
            join terminal t on t.id = o.terminal_id and t.region = @region
            join journal_entry e on e.terminal_id = o.terminal_id and e.branch = o.branch and e.sequence = o.sequence
            where o.scan_id = any(@scans) and o.terminal_id = @terminal order by o.scan_id for update of o
            """, new { region, terminal, scans = scans.ToArray() }, transaction)];

    /// <param name="state">To be merged, or refused.</param>
    public static Task DecideAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<Guid> scans, OfflineScanState state, string reason, AccountId by, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            update offline_scan set state = @state, decided_by = @by, decided_at = @now, reason = @reason where scan_id = any(@scans)
            """, new { scans = scans.ToArray(), state = (short)state, by, now, reason }, transaction);

    /// <summary>The desk's answer, for ever; a scan that has been answered online meanwhile keeps that answer.</summary>
    public static Task AnswerAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedEntry entry, PresentedScan presented, ScanAnswer answer) =>
        connection.ExecuteAsync("""
            insert into scan (id, terminal_id, sequence, content_hash, mode, class_id, voucher_id, refusal, scanned_at, received_at, answer)
            values (@ScanId, @terminal, @sequence, @ContentHash, @mode, @classId, @VoucherId, @refusal, @MadeAt, @ReceivedAt, @text)
            on conflict do nothing
            """,
            new
            {
                entry.ScanId, terminal = presented.Terminal, sequence = entry.Branch * MergeStore.BranchStride + entry.Sequence, presented.ContentHash,
                mode = (short)presented.Scan.Mode, classId = presented.Scan.ClassId, entry.VoucherId, refusal = (short)answer.Refusal, entry.MadeAt,
                presented.ReceivedAt, text = WireJson.Write(answer),
            }, transaction);
}
