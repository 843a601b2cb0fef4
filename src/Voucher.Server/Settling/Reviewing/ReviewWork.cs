using Voucher.Server.Policies;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Reviewing;

/// <summary>Whose turn it is in a claim.</summary>
public enum ReviewTurn
{
    Reviewer,
    Caller,
    Approver,
    Institution,
}

/// <summary>A claim that is under review.</summary>
/// <param name="Calls">People of its telephone sample without a result.</param>
public sealed record OpenClaim(
    long Id, InstitutionId InstitutionId, string Institution, ClaimStatus Status, DateTimeOffset SubmittedAt, PolicyId Policy,
    int Lines, int Undecided, int Decided, int Returned, int Held, int Calls, ReviewDeadline Deadline)
{
    public ReviewTurn Turn =>
        Undecided + Held > 0 && (Undecided > 0 || Decided == 0) ? ReviewTurn.Reviewer
        : Decided > 0 ? Calls > 0 ? ReviewTurn.Caller : ReviewTurn.Approver
        : ReviewTurn.Institution;
}

/// <summary>What the first page counts.</summary>
public sealed record ReviewCounts(int Overdue, int Calls, int Returned);

/// <summary>Claims under review, the most urgent first. An institution's people see their own only.</summary>
public sealed class ReviewWork(NpgsqlDataSource database, PolicyStore policies, HolidayStore holidays, County county, TimeProvider clock)
{
    private sealed record Row(
        long Id, InstitutionId InstitutionId, string Institution, int Status, DateTimeOffset SubmittedAt, PolicyId PolicyId,
        int Lines, int Undecided, int Decided, int Returned, int Held, int Calls);

    private sealed record PauseRow(long ClaimId, long LineId, DateTimeOffset FromAt, DateTimeOffset? ToAt);

    public async Task<IReadOnlyList<OpenClaim>> ListAsync(Actor actor)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = (await connection.QueryAsync<Row>("""
            select c.id, c.institution_id, i.name as institution, c.status::int as status, c.submitted_at, c.policy_id, l.*,
                   (select count(*)::int from phone_sample p where p.claim_id = c.id and not exists (
                       select from phone_attempt a where a.claim_line_id = p.claim_line_id and (a.result in (1, 2) or a.number >= @MostAttempts))) as calls
            from claim c
            join institution i on i.id = c.institution_id
            cross join lateral (
                select count(*)::int as lines,
                       count(*) filter (where state = 2 and verdict is null)::int as undecided,
                       count(*) filter (where state = 2 and verdict is not null)::int as decided,
                       count(*) filter (where state = 8)::int as returned,
                       count(*) filter (where state = 9)::int as held
                from claim_line where claim_id = c.id) l
            where c.region = @Region and c.status in (1, 5) and (@Institution::int is null or c.institution_id = @Institution)
            order by c.submitted_at, c.id
            """, new { county.Region, actor.Institution, PhoneSample.MostAttempts })).ToList();
        var pauses = (await connection.QueryAsync<PauseRow>("""
            select l.claim_id, l.id as line_id, s.done_at as from_at,
                   (select min(n.done_at) from claim_line_step n where n.claim_line_id = l.id and n.number = s.number + 1) as to_at
            from claim_line l join claim_line_step s on s.claim_line_id = l.id and s.kind = 3
            where l.claim_id = any(@ids) and l.state in (2, 8, 9) order by l.id, s.number
            """, new { ids = rows.Select(row => row.Id).ToArray() })).ToLookup(pause => pause.ClaimId);
        var days = await holidays.CalendarAsync();
        var today = CountyTime.DayOf(clock.GetUtcNow());
        List<OpenClaim> claims = [];
        foreach (var row in rows)
        {
            var limit = (await policies.GetAsync(row.PolicyId)).Parameters.ReviewWorkingDays;
            claims.Add(new OpenClaim(
                row.Id, row.InstitutionId, row.Institution, (ClaimStatus)row.Status, row.SubmittedAt, row.PolicyId, row.Lines, row.Undecided, row.Decided,
                row.Returned, row.Held, row.Calls, DeadlineOf(row, pauses[row.Id], limit, today, days)));
        }
        return [.. claims.OrderBy(claim => claim.Deadline.DueOn ?? DateOnly.MaxValue).ThenBy(claim => claim.Id)];
    }

    public async Task<ReviewCounts> CountAsync(Actor actor)
    {
        var claims = await ListAsync(actor);
        return new ReviewCounts(claims.Count(claim => claim.Deadline.IsOverdue), claims.Sum(claim => claim.Calls), claims.Sum(claim => claim.Returned));
    }

    /// <summary>
    /// The claim's deadline is that of its most urgent open line: the time stands still for a line while it is with the
    /// institution, and for the claim only when all of its open lines are.
    /// </summary>
    private static ReviewDeadline DeadlineOf(Row row, IEnumerable<PauseRow> pauses, int limit, DateOnly today, WorkingDays days)
    {
        var submitted = CountyTime.DayOf(row.SubmittedAt);
        var paused = pauses.GroupBy(pause => pause.LineId)
            .Select(line => line.Select(pause => new ReviewDeadline.Pause(
                CountyTime.DayOf(pause.FromAt), pause.ToAt is { } back ? CountyTime.DayOf(back) : null)).ToList())
            .ToList();
        var open = row.Undecided + row.Decided + row.Returned + row.Held;
        if (paused.Count < open) return ReviewDeadline.Of(submitted, limit, [], today, days);
        return paused.Select(of => ReviewDeadline.Of(submitted, limit, of, today, days))
            .OrderBy(deadline => deadline.DueOn ?? DateOnly.MaxValue).FirstOrDefault() ?? ReviewDeadline.Of(submitted, limit, [], today, days);
    }
}

public static class ReviewTurnWords
{
    public static Words Name(this ReviewTurn turn) => turn switch
    {
        ReviewTurn.Reviewer => new("等审核", "reviewer"),
        ReviewTurn.Caller => new("等电话回访", "telephone sample"),
        ReviewTurn.Approver => new("等审批", "approver"),
        ReviewTurn.Institution => new("等机构补正", "institution"),
        _ => throw new ArgumentOutOfRangeException(nameof(turn), turn, "Unknown turn."),
    };
}
