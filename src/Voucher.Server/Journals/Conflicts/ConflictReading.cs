using Voucher.Core.Journals;

namespace Voucher.Server.Journals.Conflicts;

/// <summary>Reads cases for the county.</summary>
public sealed class ConflictReading(NpgsqlDataSource database, County county)
{
    /// <summary>Cases on one page.</summary>
    public const int PageSize = 50;

    private sealed record Row(
        long Id, VoucherId VoucherId, VoucherState State, bool InConflict, string Holder, DateTimeOffset OpenedAt, DateTimeOffset? DecidedAt,
        ConflictOutcome? Outcome, Guid? UpheldScan);

    private sealed record ClaimRow(
        long CaseId, Guid ScanId, VoucherId VoucherId, InstitutionId InstitutionId, string Institution, string Phone, string Terminal, TerminalId TerminalId,
        ClassId ClassId, string Class, DateTimeOffset FromAt, DateTimeOffset ToAt, DateTimeOffset MadeAt, DateTimeOffset ReceivedAt, OfflineScanState State,
        ClaimRuling Ruling, int Offline, int Waiting, int Online, int Tried, DateTimeOffset? LastAt)
    {
        public ContestedClaim ToClaim() => new(
            ScanId, VoucherId, InstitutionId, Institution, Phone, Terminal, TerminalId, ClassId, Class, new TimeBounds(FromAt, ToAt), MadeAt, ReceivedAt, State,
            Ruling, new Presence(Offline, Waiting, Online, Tried, LastAt));
    }

    private sealed record StepRow(long CaseId, ConflictStepKind Kind, Guid? UpheldScan, string Reason, string Name, StaffId Staff, DateTimeOffset DoneAt);

    private const string Select = """
        select k.id, k.voucher_id, v.state, v.in_conflict, p.name as holder, k.opened_at, k.decided_at, k.outcome, k.upheld_scan
        from conflict_case k join voucher v on v.id = k.voucher_id join person p on p.id = v.person_id
        where k.region = @Region
        """;

    public async Task<long> CountOpenAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select count(*) from conflict_case where region = @Region and decided_at is null", new { county.Region });
    }

    /// <summary>Open ones that wait longest first, closed ones newest first.</summary>
    public async Task<IReadOnlyList<ConflictDetail>> ListAsync(bool open, int skip, int most)
    {
        var order = open ? "k.id" : "k.decided_at desc, k.id desc";
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Row>(
            $"{Select} and (k.decided_at is null) = @open order by {order} offset @skip limit @most", new { county.Region, open, skip, most });
        return await CompleteAsync(connection, rows.AsList());
    }

    public async Task<ConflictDetail?> FindAsync(long id)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Row>($"{Select} and k.id = @id", new { county.Region, id });
        return (await CompleteAsync(connection, rows.AsList())).SingleOrDefault();
    }

    private static async Task<IReadOnlyList<ConflictDetail>> CompleteAsync(NpgsqlConnection connection, List<Row> rows)
    {
        if (rows.Count == 0) return [];
        var ids = rows.Select(row => row.Id).ToArray();
        var claims = await ClaimsAsync(connection, ids);
        var steps = (await connection.QueryAsync<StepRow>("""
            select t.case_id, t.kind, t.upheld_scan, t.reason, s.name, t.done_by_staff as staff, t.done_at
            from conflict_step t join staff s on s.id = t.done_by_staff where t.case_id = any(@ids) order by t.case_id, t.number
            """, new { ids })).ToLookup(row => row.CaseId);
        return [.. rows.Select(row => new ConflictDetail(
            row.Id, row.VoucherId, row.State, row.InConflict, PersonName.Masked(row.Holder), row.OpenedAt, row.DecidedAt, row.Outcome, row.UpheldScan,
            [.. claims[row.Id].Select(claim => claim.ToClaim())],
            [.. steps[row.Id].Select(step => new ConflictStep(step.Kind, step.UpheldScan, step.Reason, step.Name, step.Staff, step.DoneAt))]))];
    }

    /// <summary>With the times that the person came to each class: offline, online, and where a desk had to refuse.</summary>
    private static async Task<ILookup<long, ClaimRow>> ClaimsAsync(NpgsqlConnection connection, long[] ids) => (await connection.QueryAsync<ClaimRow>("""
        select c.case_id, o.scan_id, o.voucher_id, o.institution_id, i.name as institution, i.phone, t.name as terminal, o.terminal_id,
               o.class_id, k.name as class, o.from_at, o.to_at, o.made_at, o.received_at, o.state, o.ruling,
               f.offline, f.waiting, n.online, r.tried, greatest(f.last_at, n.last_at, r.last_at) as last_at
        from conflict_claim c
        join offline_scan o on o.scan_id = c.scan_id
        join terminal t on t.id = o.terminal_id
        join institution i on i.id = o.institution_id
        join training_class k on k.id = o.class_id
        cross join lateral (
            select count(*)::int as offline, count(*) filter (where s.state = 1)::int as waiting, max(s.made_at) as last_at
            from offline_scan s
            where s.person_id = o.person_id and s.voucher_id = o.voucher_id and s.class_id = o.class_id and s.mode = 2 and s.state <> 5) f
        cross join lateral (
            select count(*)::int as online, max(e.at) as last_at
            from voucher_event e
            where e.voucher_id = o.voucher_id and e.kind = 4 and e.class_id = o.class_id
              and not exists (select from offline_scan s where s.scan_id = e.scan_id)) n
        cross join lateral (
            select count(*)::int as tried, max(s.received_at) as last_at
            from scan s
            where s.voucher_id = o.voucher_id and s.refusal <> 0 and s.refusal in (307, 310) and s.mode = 2 and s.class_id = o.class_id
              and not exists (select from offline_scan f where f.scan_id = s.id)) r
        where c.case_id = any(@ids)
        order by c.case_id, o.to_at, o.scan_id
        """, new { ids })).ToLookup(row => row.CaseId);
}
