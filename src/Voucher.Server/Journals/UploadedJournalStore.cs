using Voucher.Core.Journals;
using Voucher.Core.Wire;

namespace Voucher.Server.Journals;

/// <summary>Where a terminal's uploaded journal stands on the server; its own may be further on.</summary>
/// <param name="Branch">Counts the histories of the device.</param>
/// <param name="BoundedTo">Entries up to here lie between two receipts.</param>
/// <param name="ReleasedAt">When the county last released the terminal from quarantine.</param>
public sealed record UploadedHead(short Branch, long Sequence, byte[] Hash, long BoundedTo, DateTimeOffset? ReleasedAt);

/// <summary>An entry as it is held.</summary>
public sealed record HeldEntry(
    short Branch, long Sequence, JournalEntryKind Kind, Guid EntryId, string Content, Guid BootId, long MonotonicMs, long WallMs, long CheckpointMs,
    DateTimeOffset ReceivedAt)
{
    public DeviceClock Clock => new(BootId, MonotonicMs, WallMs);
}

/// <summary>The entries of terminals' journals, as they were uploaded. All calls are within the transaction that has locked the head.</summary>
public static class UploadedJournalStore
{
    /// <summary>Locks the terminal's journal until the transaction ends; one that is new begins.</summary>
    public static async Task<UploadedHead> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalId terminal)
    {
        await connection.ExecuteAsync(
            "insert into journal_head (terminal_id, hash) values (@terminal, @nothing) on conflict do nothing",
            new { terminal, nothing = new byte[ChainLink.HashLength] }, transaction);
        return await connection.QuerySingleAsync<UploadedHead>(
            "select branch, sequence, hash, bounded_to, released_at from journal_head where terminal_id = @terminal for update", new { terminal }, transaction);
    }

    public static Task SaveHeadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalId terminal, UploadedHead head) =>
        connection.ExecuteAsync("""
            update journal_head set branch = @Branch, sequence = @Sequence, hash = @Hash, bounded_to = @BoundedTo, released_at = @ReleasedAt
            where terminal_id = @terminal
            """, new { terminal, head.Branch, head.Sequence, head.Hash, head.BoundedTo, head.ReleasedAt }, transaction);

    /// <summary>What of the sent entries is held already: hashes by number (with those that a receipt among them may speak of), and which of the hashes that they follow.</summary>
    public static async Task<HeldChain> HeldAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalId terminal, short branch, IReadOnlyList<JournalRecord> sent)
    {
        var rows = await connection.QueryAsync<(long Sequence, byte[] Hash)>("""
            select distinct on (sequence) sequence, hash from journal_entry
            where terminal_id = @terminal and branch <= @branch and sequence between @first and @last order by sequence, branch desc
            """, new { terminal, branch, first = sent.Min(entry => entry.Sequence) - JournalLimits.EntriesAtOnce, last = sent.Max(entry => entry.Sequence) }, transaction);
        var followed = await connection.QueryAsync<byte[]>(
            "select hash from journal_entry where terminal_id = @terminal and hash = any(@hashes)",
            new { terminal, hashes = sent.Select(entry => entry.PreviousHash).ToArray() }, transaction);
        return new HeldChain(rows, followed);
    }

    public static async Task InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalId terminal, short branch,
        IReadOnlyCollection<(JournalRecord Record, byte[] Hash)> entries, DateTimeOffset now)
    {
        if (entries.Count == 0) return;
        await connection.ExecuteAsync("""
            insert into journal_entry (
                terminal_id, branch, sequence, kind, entry_id, content, previous_hash, hash, boot_id, monotonic_ms, wall_ms, checkpoint_ms,
                signature, is_provisional, received_at)
            select @terminal, @branch, i.*, @now
            from unnest(@sequences, @kinds, @ids, @contents, @previous, @hashes, @boots, @monotonic, @walls, @checkpoints, @signatures, @provisional) as i
            """,
            new
            {
                terminal, branch, now,
                sequences = Column(entries, entry => entry.Sequence), kinds = Column(entries, entry => (short)entry.Kind),
                ids = Column(entries, entry => entry.EntryId), contents = Column(entries, entry => entry.Content),
                previous = Column(entries, entry => entry.PreviousHash), hashes = entries.Select(entry => entry.Hash).ToArray(),
                boots = Column(entries, entry => entry.BootId), monotonic = Column(entries, entry => entry.MonotonicMs),
                walls = Column(entries, entry => entry.WallMs), checkpoints = Column(entries, entry => entry.CheckpointMs),
                signatures = Column(entries, entry => entry.Signature), provisional = Column(entries, entry => entry.IsProvisional),
            }, transaction);
    }

    /// <summary>The desk was told of these that they are accepted, which was not known when they came.</summary>
    public static Task MarkProvisionalAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalId terminal, short branch, IReadOnlyCollection<long> sequences) =>
        sequences.Count == 0 ? Task.CompletedTask : connection.ExecuteAsync("""
            update journal_entry set is_provisional = true
            where terminal_id = @terminal and branch = @branch and sequence = any(@sequences) and kind = 1 and not is_provisional
            """, new { terminal, branch, sequences = sequences.ToArray() }, transaction);

    /// <summary>Offline scans up to a number that have no time yet, in order.</summary>
    public static async Task<IReadOnlyList<HeldEntry>> UnboundedAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalId terminal, short branch, long after, long upTo) =>
        [.. await connection.QueryAsync<HeldEntry>("""
            select branch, sequence, kind, entry_id, content, boot_id, monotonic_ms, wall_ms, checkpoint_ms, received_at
            from journal_entry e
            where terminal_id = @terminal and branch = @branch and sequence > @after and sequence <= @upTo and kind = 1 and is_provisional
              and not exists (select from offline_scan o where o.scan_id = e.entry_id)
            order by sequence
            """, new { terminal, branch, after, upTo }, transaction)];

    /// <summary>The receipts in the journal that bear on the entries after a number, of whatever history, in order.</summary>
    public static async Task<IReadOnlyList<HeldEntry>> ReceiptsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalId terminal, short branch, long after) =>
        [.. await connection.QueryAsync<HeldEntry>("""
            select branch, sequence, kind, entry_id, content, boot_id, monotonic_ms, wall_ms, checkpoint_ms, received_at
            from journal_entry r
            where terminal_id = @terminal and kind = 2 and branch <= @branch
              and not exists (  -- A receipt beyond a fork belongs to another history.
                select from journal_entry f where f.terminal_id = @terminal and f.branch > r.branch and f.branch <= @branch and f.sequence <= r.sequence)
              and sequence >= coalesce((
                select sequence from journal_entry
                where terminal_id = @terminal and kind = 2 and branch <= @branch and sequence <= @after order by sequence desc limit 1), 0)
            order by branch, sequence
            """, new { terminal, branch, after }, transaction)];

    /// <summary>The hashes held under these numbers.</summary>
    public static async Task<IReadOnlyList<(long Sequence, byte[] Hash)>> HashesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalId terminal, short branch, IEnumerable<long> sequences) =>
        [.. await connection.QueryAsync<(long, byte[])>(
            "select sequence, hash from journal_entry where terminal_id = @terminal and branch <= @branch and sequence = any(@sequences)",
            new { terminal, branch, sequences = sequences.Distinct().ToArray() }, transaction)];

    private static T[] Column<T>(IReadOnlyCollection<(JournalRecord Record, byte[] Hash)> entries, Func<JournalRecord, T> value) =>
        [.. entries.Select(entry => value(entry.Record))];
}

/// <summary>What is held of a journal, as far as an upload asks.</summary>
public sealed class HeldChain(IEnumerable<(long Sequence, byte[] Hash)> held, IEnumerable<byte[]> followed) : IKnownChain
{
    private readonly Dictionary<long, byte[]> _held = held.ToDictionary(row => row.Sequence, row => row.Hash);
    private readonly HashSet<string> _followed = [.. followed.Select(Convert.ToHexString), Convert.ToHexString(new byte[ChainLink.HashLength])];

    public byte[]? HashAt(long sequence) => _held.GetValueOrDefault(sequence);

    public bool Holds(byte[] hash) => _followed.Contains(Convert.ToHexString(hash));

    public void Add(long sequence, byte[] hash)
    {
        _held[sequence] = hash;
        _followed.Add(Convert.ToHexString(hash));
    }
}
