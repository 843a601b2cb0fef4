using Voucher.Core.Classes;
using Voucher.Core.Fraud;
using Voucher.Core.Matching;
using Voucher.Core.Settling;
using Voucher.Server.Register.Matching;

namespace Voucher.Server.Settling.Claims;

/// <summary>Reads the vouchers that an institution may, or may not yet, claim.</summary>
public static class CandidateStore
{
    private sealed record Row(
        VoucherId Voucher, string Holder, int State, bool InConflict, Fen FaceValueFen, BudgetLineId BudgetLineId,
        InstitutionId InstitutionId, ClassId ClassId, string ClassName, DateOnly ClassEndsOn, string Programme, Fen? RateFen,
        int SessionsAttended, int PlannedSessions, int PlannedTheory, int PlannedPractice, int ScannedTheory, int ScannedPractice,
        bool? HasPassed, int? TheoryScore, int? PracticeScore, DateTimeOffset? CompletedAt, Guid? CompletionScan,
        CertificateKind? CertificateKind, string? CertificateNumber,
        long? SpotCheckId, DateTimeOffset? SpotCheckedAt, bool? SpotCheckIsClean, ClaimId? LiveClaim, int? LiveState,
        ClaimId? RejectedClaim, string? RejectedReason, DateTimeOffset? RejectedAt,
        long? HoldId, HoldReason? HoldReason, DateTimeOffset? HoldDueAt, string? CountyPhone, string? Matches,
        string? OutsideLine, bool IsStruck);

    private const string Select = $"""
        select v.id as voucher, p.name as holder, v.state::int as state, v.in_conflict, v.face_value_fen, v.budget_line_id,
               c.institution_id, c.id as class_id, c.name as class_name, c.ends_on as class_ends_on, g.name as programme, c.rate_fen,
               t.attended as sessions_attended, t.sessions as planned_sessions, t.planned_theory, t.planned_practice,
               t.scanned_theory, t.scanned_practice,
               r.has_passed, r.theory_score::int as theory_score, r.practice_score::int as practice_score,
               d.completed_at, d.scan_id as completion_scan, f.kind as certificate_kind, f.number as certificate_number,
               k.id as spot_check_id, k.checked_at as spot_checked_at, k.is_clean as spot_check_is_clean,
               l.claim_id as live_claim, l.state::int as live_state,
               e.claim_id as rejected_claim, e.review_reason as rejected_reason, e.reviewed_at as rejected_at,
               h.id as hold_id, h.reason as hold_reason, h.due_at as hold_due_at, y.phone as county_phone,
               {MatchBlockStore.StandingOfHolder} as matches,
               case when not fund_covers(v.budget_line_id, g.code) then (select name from budget_line b where b.id = v.budget_line_id) end as outside_line,
               exists (select from claim_line u where u.voucher_id = v.id and u.objection_id is not null) as is_struck
        from voucher v
        join person p on p.id = v.person_id
        join enrolment n on n.voucher_id = v.id and n.is_active
        join training_class c on c.id = n.class_id
        join programme g on g.id = c.programme_id
        cross join lateral (
            select count(*)::int as sessions, count(a.checked_out_at)::int as attended,
                   coalesce(sum(s.hours) filter (where not s.is_practice), 0)::int as planned_theory,
                   coalesce(sum(s.hours) filter (where s.is_practice), 0)::int as planned_practice,
                   coalesce(sum(s.hours) filter (where not s.is_practice and a.checked_out_at is not null), 0)::int as scanned_theory,
                   coalesce(sum(s.hours) filter (where s.is_practice and a.checked_out_at is not null), 0)::int as scanned_practice
            from class_session s left join attendance a on a.session_id = s.id and a.enrolment_id = n.id
            where s.class_id = c.id) t
        left join assessment r on r.enrolment_id = n.id
        left join completion d on d.voucher_id = v.id and d.enrolment_id = n.id
        left join lateral (
            select kind, number from certificate where enrolment_id = n.id and voided_at is null order by id desc limit 1) f on true
        left join lateral (
            select id, checked_at, is_clean from spot_check where class_id = c.id order by id desc limit 1) k on true
        left join live_claim_line l on l.voucher_id = v.id
        left join lateral (
            select claim_id, review_reason, reviewed_at from claim_line where voucher_id = v.id and state = 4 order by id desc limit 1) e on true
        left join hold h on h.voucher_id = v.id and h.released_at is null
        left join county y on y.region = h.region
        """;

    /// <summary>
    /// The institution's vouchers that are not settled: those in no claim, and those whose claim is under review; completed ones
    /// first, by class. As many as there are.
    /// </summary>
    public static async Task<IReadOnlyList<Candidate>> UnsettledAsync(NpgsqlConnection connection, InstitutionId institution)
    {
        var rows = await connection.QueryAsync<Row>($"""
            {Select}
            where c.institution_id = @institution and v.state in (3, 4) and (l.id is null or l.state in (1, 2, 8, 9))
            order by v.state desc, c.id, v.id
            """, new { institution });
        return [.. rows.Select(Read)];
    }

    /// <summary>
    /// Vouchers of the institution that look claimable, without a lock: to be locked and judged again before anything rests on it.
    /// The same rule as <see cref="Claimability.Reasons"/>, so that nothing is read that would not be taken.
    /// </summary>
    public static async Task<IReadOnlyList<VoucherId>> ReadyAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, InstitutionId institution, Policy policy, int most)
    {
        var matchSources = policy.Parameters.WithEffect(MatchEffect.BlocksPayment).Select(source => (short)source).ToArray();
        var ids = await connection.QueryAsync<long>($"""
            select v.id from voucher v
            join enrolment n on n.voucher_id = v.id and n.is_active
            join completion d on d.voucher_id = v.id and d.enrolment_id = n.id
            join training_class c on c.id = n.class_id
            join programme g on g.id = c.programme_id and fund_covers(v.budget_line_id, g.code)
            where c.institution_id = @institution and c.rate_fen is not null and v.state = 4 and not v.in_conflict
              and not exists (select from claim_line u where u.voucher_id = v.id and u.objection_id is not null)
              and not exists (select from hold h where h.voucher_id = v.id and h.released_at is null)
              and not {MatchBlockStore.HolderStands}
              and not exists (select from claim_line l where l.voucher_id = v.id)
              and (not @CertificateRequired or exists (select from certificate f where f.enrolment_id = n.id and f.voided_at is null))
              and (not @SpotCheckRequired or exists (select from spot_check k where k.class_id = c.id))
              and exists (
                  select from (
                      select coalesce(sum(s.hours), 0)::int as planned, coalesce(sum(s.hours) filter (where a.checked_out_at is not null), 0)::int as delivered
                      from class_session s left join attendance a on a.session_id = s.id and a.enrolment_id = n.id
                      where s.class_id = c.id) t
                  where claim_amount_fen(v.face_value_fen, c.rate_fen, t.delivered, t.planned, @full::smallint) > 0)
            order by v.id limit @most
            """,
            new
            {
                institution, policy.Parameters.CertificateRequired, policy.Parameters.SpotCheckRequired, matchSources, most,
                full = policy.Parameters.FullPayAttendancePercent,
            }, transaction);
        return [.. ids.Select(id => new VoucherId(id))];
    }

    /// <summary>Locks the vouchers in order of their number, then reads them; what does not exist is left out.</summary>
    public static async Task<IReadOnlyList<Candidate>> LockAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<VoucherId> vouchers)
    {
        var ids = vouchers.Select(voucher => voucher.Value).ToArray();
        // The locks come first and alone: a statement that waits for a lock would join tables as they stood before the wait.
        await connection.ExecuteAsync(
            "select from voucher where id = any(@ids) order by id for no key update", new { ids }, transaction);
        var rows = await connection.QueryAsync<Row>(
            $"{Select} where v.id = any(@ids) order by v.id", new { ids }, transaction);
        return [.. rows.Select(Read)];
    }

    private static Candidate Read(Row row) => new(
        FactsOf(row), row.Holder, row.BudgetLineId, row.InstitutionId, row.ClassId, row.TheoryScore, row.PracticeScore,
        row.CompletedAt, row.CompletionScan, row.SpotCheckId, row.SpotCheckedAt, row.SpotCheckIsClean,
        row is { CertificateKind: { } kind, CertificateNumber: { } number } ? new CandidateCertificate(kind, number) : null);

    private static ClaimFacts FactsOf(Row row) => new(
        row.Voucher, (VoucherState)row.State, row.ClassName, row.Programme, row.ClassEndsOn, row.FaceValueFen, row.RateFen,
        row.SessionsAttended, row.PlannedSessions, new TeachingHours(row.PlannedTheory, row.PlannedPractice),
        new TeachingHours(row.ScannedTheory, row.ScannedPractice), row.HasPassed, row.CompletedAt is not null,
        row.CertificateNumber is not null, row.SpotCheckId is not null, row.InConflict,
        row is { HoldId: { } id, HoldReason: { } reason, HoldDueAt: { } due } ? new VoucherHold(id, reason, due, row.CountyPhone ?? "") : null,
        [.. StandingMatch.Read(row.Matches).Select(match => new ListMatch(match.Source, match.AsOf))],
        row.LiveClaim is { } live ? new StandingClaim(live, IsReturned: row.LiveState == 8, IsHeld: row.LiveState == 9) : null,
        row is { LiveClaim: null, IsStruck: false, RejectedClaim: { } rejected, RejectedReason: { } why, RejectedAt: { } at } ? new EarlierRejection(rejected, why, at) : null,
        row.OutsideLine, row.IsStruck);
}
