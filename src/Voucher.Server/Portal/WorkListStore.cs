namespace Voucher.Server.Portal;

/// <summary>Counts what waits, so that each person sees on the first page where their work begins.</summary>
public sealed class WorkListStore(NpgsqlDataSource database, County county, TimeProvider clock)
{
    /// <summary>Imports older than this have been seen.</summary>
    private static readonly TimeSpan ImportsShown = TimeSpan.FromDays(7);

    /// <summary>An accreditation that ends within so many days wants its successor.</summary>
    public const int AccreditationEndsSoonDays = 60;

    /// <summary>All that may wait, for the county or for one institution.</summary>
    public sealed record Counts(
        long BatchesToApprove, long ClassesToApprove, long ClaimsToReview, long ClaimsToApprove, long ClaimsToPay, long PaymentsToConfirm,
        long ClassesWithoutSpotCheck, long HoldsToDecide, long ConflictsToDecide, long TerminalsQuarantined, long TerminalsToJudge, long TerminalsPending,
        long CorrectionsToDecide, long ImportsWithErrors, long DuplicatesToDecide, long ImportsToStart,
        long VouchersToClaim, long ResultsMissing, long ClassesToday,
        long PoliciesToApprove, long TeachingToDecide,
        long AccreditationsToPropose, long AccreditationsToConfirm, long AccreditationsEnding, long AccreditationsToComplete,
        long StopsToDecide, long LeaveOutsToDecide, long RevocationsToDecide, long ReissuesToReview,
        long PlansToApprove, long ObjectionsToDecide, long RetainedToApprove)
    {
        /// <summary>Counted apart: the rhythm of reports is a rule, not a column.</summary>
        public long ReportsDue { get; init; }

        /// <summary>Counted apart: a deadline in working days is a rule, not a column.</summary>
        public Settling.Reviewing.ReviewCounts Review { get; init; } = new(0, 0, 0);
        /// <summary>Counted apart: taking back and consequences.</summary>
        public RecoveryWork.Counts Recovering { get; init; } = new(0, 0, 0);
    }

    public async Task<Counts> ReadAsync(Actor actor)
    {
        await using var connection = await database.OpenConnectionAsync();
        var now = clock.GetUtcNow();
        return await connection.QuerySingleAsync<Counts>("""
            with own_class as (
                select id, status, starts_on, ends_on from training_class
                where region = @Region and (@Institution::int is null or institution_id = @Institution)),
            open_claim as (
                select c.id, c.status,
                       exists (select from claim_line l where l.claim_id = c.id and l.state = 2 and l.verdict is null) as has_undecided,
                       exists (select from claim_line l where l.claim_id = c.id and l.state = 2 and l.verdict is not null) as has_decided
                from claim c where c.region = @Region and c.status in (1, 5))
            select
                (select count(*) from batch where region = @Region and status = 1 and drafted_by_staff <> @Staff) as batches_to_approve,
                (select count(*) from own_class where status = 1) as classes_to_approve,
                (select count(*) from open_claim where status in (1, 5) and has_undecided) as claims_to_review,
                (select count(*) from open_claim where status in (1, 5) and has_decided and not has_undecided) as claims_to_approve,
                (select count(distinct l.claim_id) from payable y join claim_line l on l.id = y.claim_line_id
                    where y.region = @Region and y.state = 1 and y.institution_id is not null) as claims_to_pay,
                (select count(*) from payment where region = @Region and (status in (3, 4) or status = 1 and round_by_staff <> @Staff)) as payments_to_confirm,
                (select count(*) from own_class c where status = 2 and starts_on <= @today
                    and not exists (select from spot_check s where s.class_id = c.id)) as classes_without_spot_check,
                (select count(*) from hold where region = @Region and released_at is null and alarmed_at is not null
                    and (confirmed_at is null or confirmed_at < alarmed_at)) as holds_to_decide,
                (select count(*) from conflict_case where region = @Region and decided_at is null
                    and (proposed_staff is null or proposed_staff <> @Staff)) as conflicts_to_decide,
                (select count(*) from terminal where region = @Region and status = 4) as terminals_quarantined,
                (select count(*) from terminal t where region = @Region and exists (
                    select from offline_scan o where o.terminal_id = t.id and o.state = 5)) as terminals_to_judge,
                (select count(*) from terminal where region = @Region and status = 1) as terminals_pending,
                (select count(*) from correction_request where region = @Region and decision is null) as corrections_to_decide,
                (select count(*) from register_import where region = @Region and (status = 4 or status = 3 and bad > 0) and created_at >= @since) as imports_with_errors,
                (select count(*) from duplicate_case where region = @Region and decision is null) as duplicates_to_decide,
                (select count(*) from register_import where region = @Region and status in (5, 7)) as imports_to_start,
                (select count(*) from own_class c join enrolment n on n.class_id = c.id join completion d on d.enrolment_id = n.id
                    where not exists (select from live_claim_line l where l.voucher_id = d.voucher_id)) as vouchers_to_claim,
                (select count(*) from own_class c join enrolment n on n.class_id = c.id and n.is_active
                    where c.status = 2 and c.ends_on <= @today
                    and not exists (select from assessment a where a.enrolment_id = n.id)) as results_missing,
                (select count(distinct s.class_id) from own_class c join class_session s on s.class_id = c.id
                    where c.status = 2 and s.held_on = @today) as classes_today,
                (select count(*) from policy_draft where region = @Region and status = 2 and drafted_by_staff <> @Staff) as policies_to_approve,
                (select count(*) from teaching_document d join account a on a.id = d.handed_in_by
                    where d.region = @Region and d.status = 1 and a.staff_id <> @Staff) as teaching_to_decide,
                (select count(*) from accreditation where region = @Region and state in (2, 3) and proposal = 0) as accreditations_to_propose,
                (select count(*) from accreditation where region = @Region and (proposal in (1, 2) and verdict_proposed_staff <> @Staff
                    and submitted_staff is distinct from @Staff or proposal = 3 and suspended_staff <> @Staff
                    or proposal = 4 and withdrawal_proposed_staff <> @Staff)) as accreditations_to_confirm,
                (select count(*) from institution where region = @Region and (@Institution::int is null or id = @Institution)
                    and not is_suspended and accredited_until between @today and @today + @AccreditationEndsSoonDays) as accreditations_ending,
                (select count(*) from accreditation where region = @Region and (@Institution::int is null or institution_id = @Institution)
                    and state = 1) as accreditations_to_complete,
                (select count(*) from batch where region = @Region and status = 2 and is_stop_asked and paused_by_staff <> @Staff) as stops_to_decide,
                (select count(*) from batch_leave_out o join batch b on b.id = o.batch_id
                    where b.region = @Region and o.decision is null and o.asked_by_staff <> @Staff) as leave_outs_to_decide,
                (select count(*) from revocation where region = @Region and status = 1 and proposed_by_staff <> @Staff) as revocations_to_decide,
                (select count(*) from reissue_request where region = @Region and decision is null and requested_by_staff <> @Staff) as reissues_to_review,
                (select count(*) from plan where region = @Region and status = 1 and drafted_by_staff <> @Staff
                    and not exists (select from plan_editor where plan_id = plan.id and staff_id = @Staff) and not exists (
                    select from plan_target t join plan_target part on part.parent_id = t.id
                    where t.plan_id = plan.id group by t.id, part.split having sum(part.people) <> t.people)) as plans_to_approve,
                (select count(*) from objection where region = @Region and state in (1, 2) and proposed_by_staff is distinct from @Staff) as objections_to_decide,
                (select count(*) from retained_list where region = @Region and approved is null and drafted_by_staff <> @Staff) as retained_to_approve
            """,
            new { county.Region, actor.Institution, actor.Staff, today = CountyTime.DayOf(now), since = now - ImportsShown, AccreditationEndsSoonDays });
    }
}
