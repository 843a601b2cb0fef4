using Voucher.Core.Fraud;
using Voucher.Core.Matching;
using Voucher.Server.Classes;
using Voucher.Server.Register.Matching;

namespace Voucher.Server.Settling.Claims;

/// <summary>Reads the vouchers that an institution may, or may not yet, claim.</summary>
public static class CandidateStore
{
    private sealed record Row(
        VoucherId Voucher, string Holder, int State, bool InConflict, Fen FaceValueFen, BudgetLineId BudgetLineId,
        InstitutionId InstitutionId, ClassId ClassId, string ClassName, string Programme, Fen? RateFen,
        int SessionsAttended, int PlannedSessions, bool? HasPassed, int? TheoryScore, int? PracticeScore,
        DateTimeOffset? CompletedAt, Guid? CompletionScan,
        long? SpotCheckId, DateTimeOffset? SpotCheckedAt, bool? SpotCheckIsClean, ClaimId? LiveClaim,
        long? HoldId, HoldReason? HoldReason, DateTimeOffset? HoldDueAt, string? CountyPhone, string? Matches,
        string? OutsideLine, bool IsStruck);

    private const string Select = $"""
        select v.id as voucher, p.name as holder, v.state::int as state, v.in_conflict, v.face_value_fen, v.budget_line_id,
               c.institution_id, c.id as class_id, c.name as class_name, g.name as programme, c.rate_fen,
               {RosterStore.AttendedSessions} as sessions_attended,
               (select count(*)::int from class_session s where s.class_id = c.id) as planned_sessions,
               r.has_passed, r.theory_score::int as theory_score, r.practice_score::int as practice_score,
               d.completed_at, d.scan_id as completion_scan,
               k.id as spot_check_id, k.checked_at as spot_checked_at, k.is_clean as spot_check_is_clean,
               l.claim_id as live_claim, h.id as hold_id, h.reason as hold_reason, h.due_at as hold_due_at, y.phone as county_phone,
               {MatchBlockStore.StandingOfHolder} as matches,
               case when not fund_covers(v.budget_line_id, g.code) then (select name from budget_line b where b.id = v.budget_line_id) end as outside_line,
               exists (select from claim_line u where u.voucher_id = v.id and u.objection_id is not null) as is_struck
        from voucher v
        join person p on p.id = v.person_id
        join enrolment n on n.voucher_id = v.id and n.is_active
        join training_class c on c.id = n.class_id
        join programme g on g.id = c.programme_id
        left join assessment r on r.enrolment_id = n.id
        left join completion d on d.voucher_id = v.id and d.enrolment_id = n.id
        left join lateral (
            select id, checked_at, is_clean from spot_check where class_id = c.id order by id desc limit 1) k on true
        left join live_claim_line l on l.voucher_id = v.id
        left join hold h on h.voucher_id = v.id and h.released_at is null
        left join county y on y.region = h.region
        """;

    /// <summary>The institution's vouchers that stand in no claim, completed ones first.</summary>
    public static async Task<IReadOnlyList<Candidate>> UnclaimedAsync(NpgsqlConnection connection, InstitutionId institution, int most)
    {
        var rows = await connection.QueryAsync<Row>($"""
            {Select}
            where c.institution_id = @institution and v.state in (3, 4) and l.id is null
            order by v.state desc, c.id, v.id limit @most
            """, new { institution, most });
        return [.. rows.Select(Read)];
    }

    /// <summary>Vouchers of the institution that look claimable, without a lock: to be locked and read again before anything rests on it.</summary>
    public static async Task<IReadOnlyList<VoucherId>> ReadyAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, InstitutionId institution, Policy policy, int most)
    {
        var matchSources = policy.Parameters.WithEffect(MatchEffect.BlocksPayment).Select(source => (short)source).ToArray();
        var ids = await connection.QueryAsync<long>($"""
            select v.id from voucher v
            join enrolment n on n.voucher_id = v.id and n.is_active
            join training_class c on c.id = n.class_id
            join programme g on g.id = c.programme_id and fund_covers(v.budget_line_id, g.code)
            where c.institution_id = @institution and c.rate_fen is not null and v.state = 4 and not v.in_conflict
              and not exists (select from claim_line u where u.voucher_id = v.id and u.objection_id is not null)
              and not exists (select from hold h where h.voucher_id = v.id and h.released_at is null)
              and not {MatchBlockStore.HolderStands}
              and not exists (select from live_claim_line l where l.voucher_id = v.id)
              and (not @spotCheckRequired or exists (select from spot_check k where k.class_id = c.id))
            order by v.id limit @most
            """, new { institution, policy.Parameters.SpotCheckRequired, matchSources, most }, transaction);
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
        row.Voucher, row.Holder, (VoucherState)row.State, row.InConflict, row.FaceValueFen, row.BudgetLineId,
        row.InstitutionId, row.ClassId, row.ClassName, row.Programme, row.RateFen,
        row.SessionsAttended, row.PlannedSessions, row.HasPassed, row.TheoryScore, row.PracticeScore,
        row.CompletedAt, row.CompletionScan, row.SpotCheckId, row.SpotCheckedAt, row.SpotCheckIsClean, row.LiveClaim,
        row is { HoldId: { } id, HoldReason: { } reason, HoldDueAt: { } due } ? new VoucherHold(id, reason, due, row.CountyPhone ?? "") : null,
        StandingMatch.Read(row.Matches), row.OutsideLine, row.IsStruck);
}
