using Voucher.Core.Tokens;

namespace Voucher.Server.Journals;

/// <summary>Offline scans: when they were made and what came of them.</summary>
public static class OfflineScanStore
{
    public sealed record Registered(VoucherId Id, PersonId PersonId, byte[] Claims);

    /// <summary>Writes those of which nothing is known yet; one that was answered online is left to its answer.</summary>
    public static async Task<int> InsertAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<OfflineScan> scans)
    {
        if (scans.Count == 0) return 0;
        T[] Column<T>(Func<OfflineScan, T> value) => [.. scans.Select(value)];
        return await connection.ExecuteAsync("""
            insert into offline_scan (
                scan_id, terminal_id, branch, sequence, institution_id, mode, class_id, voucher_id, person_id,
                from_at, to_at, made_at, received_at, state, suspicion)
            select i.* from unnest(
                @ids, @terminals, @branches, @sequences, @institutions, @modes, @classes, @vouchers, @persons,
                @froms, @tos, @mades, @receiveds, @states, @suspicions) as i (scan_id)
            where not exists (select from scan s where s.id = i.scan_id)
            on conflict do nothing
            """,
            new
            {
                ids = Column(x => x.Scan.ScanId), terminals = Column(x => x.Terminal.Value), branches = Column(x => x.Branch),
                sequences = Column(x => x.Scan.Sequence), institutions = Column(x => x.Institution.Value), modes = Column(x => (short)x.Scan.Mode),
                classes = Column(x => x.Scan.ClassId), vouchers = Column(x => x.Voucher?.Value), persons = Column(x => x.Person?.Value),
                froms = Column(x => x.Time.Bounds.From.UtcDateTime), tos = Column(x => x.Time.Bounds.To.UtcDateTime),
                mades = Column(x => x.Time.At.UtcDateTime), receiveds = Column(x => x.ReceivedAt.UtcDateTime),
                states = Column(x => (short)(x.Suspicion == Suspicion.None ? OfflineScanState.ToMerge : OfflineScanState.Suspect)),
                suspicions = Column(x => (short)x.Suspicion),
            }, transaction);
    }

    /// <summary>
    /// What was answered online while its journal was on the way is left to that answer. Only with the person's vouchers locked:
    /// no scan of theirs is answered meanwhile.
    /// </summary>
    public static Task<int> DeleteAnsweredAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PersonId person) =>
        connection.ExecuteAsync(
            "delete from offline_scan o where o.person_id = @person and o.state = 1 and exists (select from scan s where s.id = o.scan_id)", new { person }, transaction);

    /// <summary>The register's vouchers of these tokens, with their holders.</summary>
    public static async Task<IReadOnlyDictionary<VoucherId, Registered>> RegisteredAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IEnumerable<VoucherToken> tokens) =>
        (await connection.QueryAsync<Registered>(
            "select id, person_id, substring(token for 19) as claims from voucher where id = any(@ids)",
            new { ids = tokens.Select(token => token.Voucher.Value).Distinct().ToArray() }, transaction)).ToDictionary(row => row.Id);

    /// <summary>Numbers of the enrolments beyond a number whose time is known.</summary>
    public static async Task<IReadOnlyList<long>> EnrolledAfterAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalId terminal, short branch, long after) =>
        [.. await connection.QueryAsync<long>(
            "select sequence from offline_scan where terminal_id = @terminal and branch = @branch and mode = 1 and sequence > @after",
            new { terminal, branch, after }, transaction)];

    /// <summary>Numbers at which the terminal's disk was found set back.</summary>
    public static async Task<IReadOnlyList<long>> RollBacksAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, TerminalId terminal) =>
        [.. await connection.QueryAsync<long>("select sequence from journal_fault where terminal_id = @terminal and kind = 4", new { terminal }, transaction)];
}
