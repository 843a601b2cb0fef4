using Voucher.Core.Fraud;
using Voucher.Server.Classes;
using Voucher.Server.Register.Matching;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Reviewing;

/// <summary>Reads what marks the lines of a claim bear.</summary>
public static class LineMarkStore
{
    private sealed record Row(
        ClaimLineId Id, int Attended, int Planned, int Offline, bool Denied, bool Held, bool Conflict, bool Matches, bool Found, bool Released,
        bool TooClose, bool Decided, bool Dismissed, int Rejections, bool HeldBefore, bool Reissued, bool Overfull, bool FellShort);

    public static async Task<IReadOnlyDictionary<ClaimLineId, IReadOnlyList<LineMark>>> OfClaimAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, ClaimId claim, Policy policy)
    {
        var rows = await connection.QueryAsync<Row>($"""
            select l.id, {RosterStore.AttendedSessions} as attended,
                   (select count(*)::int from class_session s where s.class_id = c.id) as planned,
                   (select count(*)::int from attendance a where a.enrolment_id = n.id
                        and exists (select from offline_scan o where o.scan_id in (a.in_scan_id, a.out_scan_id))) as offline,
                   exists (select from phone_attempt t where t.claim_line_id = l.id and t.result = 2) as denied,
                   exists (select from hold h where h.voucher_id = v.id and h.released_at is null) as held,
                   v.in_conflict as conflict,
                   {MatchBlockStore.StandingOfHolder} is not null as matches,
                   {ClaimStore.FindingsAt} is not null as found,
                   exists (select from hold h where h.voucher_id = v.id and h.released_at is not null) as released,
                   exists (select from hold h where h.voucher_id = v.id and h.reason = @tooClose) as too_close,
                   exists (select from conflict_case k where k.voucher_id = v.id and k.decided_at is not null) as decided,
                   exists (select from match_hit m where m.person_id = v.person_id and m.dismissed_at is not null) as dismissed,
                   (select count(*)::int from claim_line x where x.voucher_id = v.id and x.state = 4 and x.id <> l.id) as rejections,
                   exists (select from claim_line_step s where s.claim_line_id = l.id and s.kind in (4, 8, 9)) as held_before,
                   exists (select from voucher o where o.replaced_by = v.id) as reissued,
                   c.enrolled > c.capacity as overfull,
                   coalesce(k.fell_short, false) and not exists (select from phone_attempt t where t.claim_line_id = l.id and t.result in (1, 2)) as fell_short
            from claim_line l
            join voucher v on v.id = l.voucher_id
            join completion d on d.voucher_id = v.id
            join enrolment n on n.id = d.enrolment_id
            join training_class c on c.id = n.class_id
            left join lateral (
                select {PhoneStore.FellShort} as fell_short from phone_sample p where p.claim_id = l.claim_id and p.class_id = c.id) k on true
            where l.claim_id = @claim
            """, new { claim, tooClose = (short)HoldReason.TooClose, PhoneSample.MostAttempts }, transaction);
        return rows.ToDictionary(row => row.Id, row => LineMarks.Of(new LineFacts(
            row.Attended, row.Planned, policy.Parameters.AttendancePercent, row.Offline, row.Denied, row.Held, row.Conflict, row.Matches, row.Found,
            row.Released, row.TooClose, row.Decided, row.Dismissed, row.Rejections, row.HeldBefore, row.Reissued, row.Overfull,
            row.FellShort)));
    }
}
