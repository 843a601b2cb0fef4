using Voucher.Core.Fraud;
using Voucher.Core.Settling;
using Voucher.Server.Classes;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Claims;

/// <summary>One line as it will be written: the voucher, what it is worth, and all that it rests on.</summary>
public sealed record NewClaimLine(Candidate Candidate, ClaimAmount Amount, ClaimEvidence Evidence, string? Note);

/// <summary>Draws up what claim lines freeze, from the system's own records; nothing is typed again.</summary>
public sealed class FreezeEvidence(PolicyStore policies)
{
    private sealed record Row(
        VoucherId Voucher, int Scans, string Digest, int Enrolled, int Capacity,
        PolicyId? RatePolicyId, Fen? StandardFen, int? UpliftPercent, string? Cases, bool HasFindings);

    /// <param name="candidates">Under their locks, and nothing stands against them.</param>
    public async Task<IReadOnlyList<NewClaimLine>> OfAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<Candidate> candidates, Policy policy, string? note)
    {
        var rows = await ReadAsync(connection, transaction, candidates);
        List<NewClaimLine> lines = [];
        foreach (var candidate in candidates)
        {
            var row = rows[candidate.Voucher];
            lines.Add(new(candidate, candidate.AmountUnder(policy)!, Freeze(candidate, row, await RateOfAsync(row), policy), note));
        }
        return lines;
    }

    /// <summary>A class that was before packs set standards has none.</summary>
    private async Task<FrozenRate?> RateOfAsync(Row row) => row is { RatePolicyId: { } pack, StandardFen: { } standard, UpliftPercent: { } uplift }
        ? new FrozenRate(await policies.GetAsync(pack), standard, uplift)
        : null;

    private static async Task<Dictionary<VoucherId, Row>> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<Candidate> candidates)
    {
        var rows = await connection.QueryAsync<Row>("""
            select n.voucher_id as voucher, a.scans, a.digest, c.enrolled, c.capacity, c.rate_policy_id, c.standard_fen, c.uplift_percent,
                   (select string_agg(h.id::text, ',' order by h.id) from hold h where h.voucher_id = n.voucher_id and h.reason <> 1) as cases,
                   exists (select from spot_check k where k.class_id = c.id and not k.is_clean) as has_findings
            from enrolment n
            join training_class c on c.id = n.class_id
            cross join lateral (
                select count(in_scan_id)::int + count(out_scan_id)::int as scans,
                       encode(sha256(convert_to(coalesce(string_agg(in_scan_id || ':' || out_scan_id, ',' order by session_id), ''), 'UTF8')), 'hex') as digest
                from attendance where enrolment_id = n.id and checked_out_at is not null) a
            where n.voucher_id = any(@ids) and n.is_active
            """, new { ids = candidates.Select(candidate => candidate.Voucher.Value).ToArray() }, transaction);
        return rows.ToDictionary(row => row.Voucher);
    }

    private static ClaimEvidence Freeze(Candidate from, Row row, FrozenRate? rate, Policy policy) => new(
        from.Class.Value, from.Facts.ClassName, from.Facts.Programme, from.Facts.SessionsAttended, from.Facts.PlannedSessions,
        from.Facts.HasPassed, from.TheoryScore, from.PracticeScore, from.CompletedAt!.Value, from.CompletionScan!.Value,
        from.SpotCheckId, from.SpotCheckedAt, from.SpotCheckIsClean, policy.Id.Value,
        from.Facts.Planned.Theory, from.Facts.Planned.Practice, from.Facts.Scanned.Theory, from.Facts.Scanned.Practice,
        policy.Parameters.PracticePercent, from.Certificate?.Kind, from.Certificate?.Number,
        FrozenRate.Cite(rate, policy), rate?.Policy.Id.Value ?? policy.Id.Value, row.Scans, row.Digest, [.. MarksOf(from, row, policy)]);

    private static IEnumerable<EvidenceMark> MarksOf(Candidate from, Row row, Policy policy)
    {
        foreach (var number in (row.Cases ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
            yield return new(EvidenceMarks.WasHeld, VoucherHold.NumberOf(long.Parse(number, System.Globalization.CultureInfo.InvariantCulture)));
        if (row.HasFindings) yield return new(EvidenceMarks.Findings);
        if (row.Enrolled > row.Capacity) yield return new(EvidenceMarks.Overfull, $"{row.Enrolled}/{row.Capacity}");
        if (from.StraysFromPracticeShare(policy))
            yield return new(EvidenceMarks.PracticeShare, $"{from.Facts.Planned.PracticePercent}%/{from.Facts.Scanned.PracticePercent}%");
        if (from.Facts.Rejected is { } rejected) yield return new(EvidenceMarks.Rejected, $"{rejected.Claim}");
    }
}
