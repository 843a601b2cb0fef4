using Voucher.Core.Fraud;
using Voucher.Core.Wire;
using Voucher.Server.Terminals;

namespace Voucher.Server.Fraud;

/// <summary>What somebody decided.</summary>
public sealed record HoldDecision(HoldVerdict Verdict, string Reason, string DecidedBy, DateTimeOffset DecidedAt);

/// <summary>An institution where the scans of a hold were made, and its telephone, empty when the register has none.</summary>
public sealed record HoldDesk(string Institution, string Phone);

/// <summary>A hold as the county looks at it; the holder's name is masked.</summary>
/// <param name="Holder"><c>null</c> for bait, which nobody holds.</param>
/// <param name="Evidence">The scans it rests on and those refused since, newest first.</param>
/// <param name="Desks">Whom to call: the institutions of the evidence, newest first.</param>
public sealed record HoldDetail(
    VoucherHold Hold, VoucherId Voucher, VoucherState State, string? Holder, DateTimeOffset OpenedAt, DateTimeOffset AlarmedAt,
    bool IsOpen, IReadOnlyList<HoldEvidence> Evidence, IReadOnlyList<HoldDesk> Desks, IReadOnlyList<HoldDecision> Decisions)
{
    public bool IsOverdueAt(DateTimeOffset now) => IsOpen && now > Hold.DueAt;

    /// <summary>Held until somebody decides otherwise.</summary>
    public bool MayBeReleased => Hold.Reason != HoldReason.Honeytoken && Decisions.All(decision => decision.Verdict != HoldVerdict.Release);
}

/// <summary>Reads holds for the county. Bait that nobody has shown is in no list.</summary>
public sealed class HoldReading(NpgsqlDataSource database, County county)
{
    /// <summary>Holds on one page.</summary>
    public const int PageSize = 50;

    private sealed record Row(
        long Id, VoucherId VoucherId, HoldReason Reason, DateTimeOffset OpenedAt, DateTimeOffset DueAt, DateTimeOffset AlarmedAt,
        bool IsOpen, VoucherState State, string Holder, string Evidence);

    private sealed record DecisionRow(long HoldId, HoldVerdict Verdict, string Reason, string DecidedBy, DateTimeOffset DecidedAt);

    private sealed record ScanRow(long HoldId, DateTimeOffset At, ScanMode Mode, long VoucherId, string TerminalName, string InstitutionName, short Refusal);

    private const string IsOpen = "(h.released_at is null and (h.confirmed_at is null or h.confirmed_at < h.alarmed_at))";

    private const string Select = $"""
        select h.id, h.voucher_id, h.reason, h.opened_at, h.due_at, h.alarmed_at, {IsOpen} as is_open, v.state, p.name as holder, h.evidence::text as evidence
        from hold h join voucher v on v.id = h.voucher_id join person p on p.id = v.person_id
        where h.region = @Region and h.alarmed_at is not null
        """;

    public async Task<long> CountOpenAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>($"select count(*) from hold h where h.region = @Region and h.alarmed_at is not null and {IsOpen}", new { county.Region });
    }

    /// <summary>Open ones by their deadline, closed ones newest first.</summary>
    public async Task<IReadOnlyList<HoldDetail>> ListAsync(bool open, int skip, int most)
    {
        var order = open ? "h.due_at, h.id" : "h.id desc";
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Row>(
            $"{Select} and {IsOpen} = @open order by {order} offset @skip limit @most", new { county.Region, open, skip, most });
        return await CompleteAsync(connection, rows.AsList());
    }

    public async Task<HoldDetail?> FindAsync(long id)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Row>($"{Select} and h.id = @id", new { county.Region, id });
        return (await CompleteAsync(connection, rows.AsList())).SingleOrDefault();
    }

    private async Task<IReadOnlyList<HoldDetail>> CompleteAsync(NpgsqlConnection connection, List<Row> rows)
    {
        var ids = rows.Select(row => row.Id).ToArray();
        var decisions = (await connection.QueryAsync<DecisionRow>("""
            select d.hold_id, d.verdict, d.reason, s.name as decided_by, d.decided_at
            from hold_decision d join staff s on s.id = d.decided_by_staff where d.hold_id = any(@ids) order by d.hold_id, d.number
            """, new { ids })).ToLookup(row => row.HoldId);
        var since = (await connection.QueryAsync<ScanRow>($"""
            select h.id as hold_id, x.at, x.mode, x.voucher_id, t.name as terminal_name, i.name as institution_name, x.refusal
            from hold h
            cross join lateral (
                select *, s.received_at as at from scan s where s.voucher_id = h.voucher_id and s.refusal <> 0 and s.received_at >= h.opened_at
                order by s.received_at desc limit @Most) x
            {TerminalPlaceStore.JoinTerminalAtItsPlace}
            where h.id = any(@ids) and x.id is distinct from h.scan_id order by x.at desc
            """, new { ids, HoldEvidence.Most })).ToLookup(row => row.HoldId);
        var phones = (await connection.QueryAsync<HoldDesk>("select name as institution, phone from institution where region = @Region", new { county.Region }))
            .ToLookup(desk => desk.Institution, StringComparer.Ordinal);
        return [.. rows.Select(row => Read(row, decisions[row.Id], since[row.Id], phones))];
    }

    private HoldDetail Read(Row row, IEnumerable<DecisionRow> decisions, IEnumerable<ScanRow> since, ILookup<string, HoldDesk> phones)
    {
        HoldEvidence[] evidence =
        [
            .. since.Select(scan => new HoldEvidence(scan.At, scan.Mode, scan.VoucherId, scan.TerminalName, scan.InstitutionName, scan.Refusal)),
            .. HoldEvidence.FromJson(row.Evidence),
        ];
        return new HoldDetail(
            new VoucherHold(row.Id, row.Reason, row.DueAt, county.Phone), row.VoucherId, row.State,
            row.Reason == HoldReason.Honeytoken ? null : PersonName.Masked(row.Holder), row.OpenedAt, row.AlarmedAt, row.IsOpen, evidence,
            [.. evidence.Select(scan => scan.InstitutionName).Distinct(StringComparer.Ordinal).SelectMany(name => phones[name].DefaultIfEmpty(new HoldDesk(name, "")))],
            [.. decisions.Select(decision => new HoldDecision(decision.Verdict, decision.Reason, decision.DecidedBy, decision.DecidedAt))]);
    }
}
