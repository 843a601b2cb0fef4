using Voucher.Core.Settling;
using Voucher.Server.Register.Matching;

namespace Voucher.Server.Settling.Claims;

/// <summary>A claim with its sums.</summary>
/// <param name="Claimed">Sum of all lines.</param>
/// <param name="Passed">Sum of the lines whose verdict is pass.</param>
/// <param name="Decided">Lines whose verdict waits for approval.</param>
/// <param name="Returned">Lines that the institution is completing.</param>
/// <param name="Open">What is owed of it to the institution and in no payment: of any of its lines, and what is released of what was kept back.</param>
public sealed record ClaimSummary(
    long Id, InstitutionId InstitutionId, string Institution, ClaimStatus Status, DateTimeOffset SubmittedAt, string SubmittedBy,
    DateTimeOffset? ApprovedAt, string? ApprovedBy, int Lines, int Undecided, int PassedLines, Fen Claimed, Fen Passed,
    long? PaymentId, DateOnly? PaidOn, int Decided, int Returned, int Held, Fen Open);

/// <summary>A line as it is reviewed: the holder's name is masked.</summary>
/// <param name="Matches">Outside lists in which the holder stands now; for the county's own people only.</param>
/// <param name="FindingsAt">When the class's latest spot check that found something was made: it may be newer than the evidence.</param>
/// <param name="Note">What has changed since the voucher was rejected, as the institution says.</param>
/// <param name="Rejected">The rejection before this line.</param>
public sealed record ClaimLineDetail(
    long Id, VoucherId Voucher, string Holder, ClaimAmount Amount, string BudgetLine, ClaimEvidence Evidence,
    ClaimLineState State, LineVerdict? Verdict, string? ReviewedBy, DateTimeOffset? ReviewedAt, string? Reason, DateTimeOffset? FindingsAt,
    IReadOnlyList<StandingMatch> Matches, string? Note, EarlierRejection? Rejected);

public sealed record ClaimDetail(ClaimSummary Summary, PolicyId Policy, IReadOnlyList<ClaimLineDetail> Lines);

/// <summary>A class that desks which were offline have filled beyond its capacity.</summary>
public sealed record OverfullClass(long Id, string Name, int Enrolled, int Capacity);

/// <summary>What waits in a claim, and for whom.</summary>
public enum ClaimQueue
{
    All = 0,

    /// <summary>Lines wait for a verdict.</summary>
    ToReview = 1,

    /// <summary>Every line has its verdict.</summary>
    ToApprove = 2,

    /// <summary>Something of it is owed to the institution and in no payment yet.</summary>
    ToPay = 3,
}

/// <summary>Reads claims. An institution's people read their own only: another's answers as if it did not exist.</summary>
public sealed class ClaimReading(NpgsqlDataSource database)
{
    private sealed record SummaryRow(
        long Id, InstitutionId InstitutionId, string Institution, int Status, DateTimeOffset SubmittedAt, string SubmittedBy,
        DateTimeOffset? ApprovedAt, string? ApprovedBy, int Lines, int Undecided, int PassedLines, Fen Claimed, Fen Passed,
        long? PaymentId, DateOnly? PaidOn, int Decided, int Returned, int Held, Fen Open);

    private sealed record LineRow(
        long Id, VoucherId Voucher, string Holder, Fen FaceValueFen, Fen RateFen, int? DeliveredHours, int? PlannedHours, int? FullPayPercent,
        string? Note, ClaimId? RejectedClaim, string? RejectedReason, DateTimeOffset? RejectedAt, string BudgetLine, string Evidence,
        int State, int? Verdict, string? ReviewedBy, DateTimeOffset? ReviewedAt, string? Reason, DateTimeOffset? FindingsAt, string? Matches);

    private const string SelectSummary = """
        select c.id, c.institution_id, i.name as institution, c.status::int as status, c.submitted_at, s.name as submitted_by,
               c.approved_at, a.name as approved_by,
               l.lines, l.undecided, l.passed_lines, l.claimed, l.passed, l.payment_id, p.paid_on, l.decided, l.returned, l.held, o.open
        from claim c
        join institution i on i.id = c.institution_id
        join staff s on s.id = c.submitted_by_staff
        left join staff a on a.id = c.approved_by_staff
        cross join lateral (
            select count(*)::int as lines, count(*) filter (where state = 2 and verdict is null)::int as undecided,
                   count(*) filter (where state = 2 and verdict is not null)::int as decided,
                   count(*) filter (where state = 8)::int as returned, count(*) filter (where state = 9)::int as held,
                   count(*) filter (where verdict = 1)::int as passed_lines,
                   coalesce(sum(amount_fen), 0)::bigint as claimed,
                   coalesce(sum(amount_fen) filter (where verdict = 1), 0)::bigint as passed,
                   max(payment_id) as payment_id
            from claim_line where claim_id = c.id) l
        cross join lateral (
            select coalesce(sum(y.amount_fen), 0)::bigint as open
            from claim_line x join payable y on y.claim_line_id = x.id and y.state = 1 and y.institution_id is not null where x.claim_id = c.id) o
        left join payment p on p.id = l.payment_id
        """;

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<ClaimSummary>> ListAsync(Actor actor, ClaimQueue queue, int skip, int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<SummaryRow>($"""
            {SelectSummary}
            where (@institution::int is null or c.institution_id = @institution)
              and case @queue
                  when 1 then c.status in (1, 5) and l.undecided > 0
                  when 2 then c.status in (1, 5) and l.undecided = 0 and l.decided > 0
                  when 3 then o.open > 0
                  else true end
            order by c.id desc offset @skip limit @most
            """, new { institution = actor.Institution?.Value, queue = (int)queue, skip, most });
        return [.. rows.Select(Read)];
    }

    public async Task<ClaimDetail?> FindAsync(Actor actor, ClaimId claim)
    {
        await using var connection = await database.OpenConnectionAsync();
        var summary = await connection.QuerySingleOrDefaultAsync<SummaryRow>($"{SelectSummary} where c.id = @claim", new { claim });
        if (summary is null || !actor.MayActFor(summary.InstitutionId)) return null;
        var policy = await connection.QuerySingleAsync<PolicyId>("select policy_id from claim where id = @claim", new { claim });
        var lines = await connection.QueryAsync<LineRow>($"""
            select l.id, l.voucher_id as voucher, h.name as holder, l.face_value_fen, l.rate_fen,
                   l.delivered_hours, l.planned_hours, l.full_pay_percent::int as full_pay_percent, l.note,
                   e.claim_id as rejected_claim, e.review_reason as rejected_reason, e.reviewed_at as rejected_at, s.name || ' · ' || b.name as budget_line,
                   l.evidence::text as evidence, l.state::int as state, l.verdict::int as verdict,
                   r.name as reviewed_by, l.reviewed_at, l.review_reason as reason, {ClaimStore.FindingsAt} as findings_at,
                   {MatchBlockStore.StandingOfHolder} as matches
            from claim_line l
            join voucher v on v.id = l.voucher_id
            join person h on h.id = v.person_id
            join budget_line b on b.id = l.budget_line_id
            join fund_source s on s.id = b.fund_source_id
            left join staff r on r.id = l.reviewed_by_staff
            left join lateral (
                select x.claim_id, x.review_reason, x.reviewed_at from claim_line x
                where x.voucher_id = l.voucher_id and x.state = 4 and x.id < l.id order by x.id desc limit 1) e on true
            where l.claim_id = @claim order by l.id
            """, new { claim });
        return new ClaimDetail(Read(summary), policy, [.. lines.Select(line => Read(line, isCounty: actor.Institution is null))]);
    }

    /// <summary>The classes of a claim in which more people are enrolled than were approved.</summary>
    public async Task<IReadOnlyList<OverfullClass>> OverfullAsync(ClaimId claim)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<OverfullClass>("""
            select distinct c.id, c.name, c.enrolled, c.capacity
            from claim_line l
            join completion d on d.voucher_id = l.voucher_id
            join enrolment n on n.id = d.enrolment_id
            join training_class c on c.id = n.class_id and c.enrolled > c.capacity
            where l.claim_id = @claim order by c.id
            """, new { claim })];
    }

    private static ClaimSummary Read(SummaryRow row) => new(
        row.Id, row.InstitutionId, row.Institution, (ClaimStatus)row.Status, row.SubmittedAt, row.SubmittedBy,
        row.ApprovedAt, row.ApprovedBy, row.Lines, row.Undecided, row.PassedLines, row.Claimed, row.Passed, row.PaymentId, row.PaidOn,
        row.Decided, row.Returned, row.Held, row.Open);

    private static ClaimLineDetail Read(LineRow row, bool isCounty) => new(
        row.Id, row.Voucher, PersonName.Masked(row.Holder), AmountOf(row), row.BudgetLine,
        ClaimEvidence.FromJson(row.Evidence), (ClaimLineState)row.State, (LineVerdict?)row.Verdict, row.ReviewedBy, row.ReviewedAt, row.Reason, row.FindingsAt,
        isCounty ? StandingMatch.Read(row.Matches) : [], row.Note,
        row is { RejectedClaim: { } claim, RejectedReason: { } why, RejectedAt: { } at } ? new EarlierRejection(claim, why, at) : null);

    private static ClaimAmount AmountOf(LineRow row) =>
        new(row.FaceValueFen, row.RateFen, ClaimStore.DeliveryOf(row.DeliveredHours, row.PlannedHours, row.FullPayPercent));
}
