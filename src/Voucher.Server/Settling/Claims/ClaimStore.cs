using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Claims;

/// <summary>A claim under its lock.</summary>
public sealed record LockedClaim(
    ClaimId Id, InstitutionId Institution, ClaimStatus Status, StaffId SubmittedBy, StaffId? ApprovedBy, PolicyId Policy);

/// <summary>A claim line under its claim's lock, with whoever issued its voucher.</summary>
/// <param name="ReviewerIsGone">No open log-in of theirs has the reviewer's role any more.</param>
/// <param name="Amount">Computed again from what was frozen with the line.</param>
/// <param name="FindingsAt">When the class's latest spot check that found something was made; a clean one afterwards does not undo it.</param>
public sealed record LockedLine(
    ClaimLineId Id, VoucherId Voucher, ClassId Class, BudgetLineId BudgetLine, ClaimAmount Amount, ClaimLineState State, LineVerdict? Verdict,
    StaffId? ReviewedBy, string ReviewerName, bool ReviewerIsGone, DateTimeOffset? FindingsAt, StaffId BatchDraftedBy, StaffId? BatchApprovedBy)
{
    /// <summary>As the machine sees it.</summary>
    public ClaimLine Line => new(Voucher, State, Verdict, ReviewedBy, ReviewerName, ReviewerIsGone);
}

/// <summary>
/// Writes claims. Locks are always taken in one order: claims, then vouchers, then ledger accounts, then the audit trail.
/// Every update repeats the guard that the use case has checked.
/// </summary>
public static class ClaimStore
{
    /// <summary>The last guard against claiming a voucher twice; see the migration.</summary>
    public const string OnceAVoucher = "claim_line_once_a_voucher";

    private sealed record ClaimRow(
        ClaimId Id, InstitutionId InstitutionId, int Status, StaffId SubmittedByStaff, StaffId? ApprovedByStaff, PolicyId PolicyId);

    private sealed record LineRow(
        ClaimLineId Id, VoucherId VoucherId, ClassId ClassId, BudgetLineId BudgetLineId, Fen FaceValueFen, Fen RateFen, Fen AmountFen,
        int? DeliveredHours, int? PlannedHours, int? FullPayPercent, int State, int? Verdict,
        StaffId? ReviewedByStaff, string ReviewerName, bool ReviewerIsGone, DateTimeOffset? FindingsAt, StaffId DraftedByStaff, StaffId? ApprovedByStaff);

    /// <summary>For a claim line <c>l</c>: when its class's latest spot check that found something was made.</summary>
    public const string FindingsAt = """
        (select k.checked_at
         from enrolment n join spot_check k on k.class_id = n.class_id and not k.is_clean
         where n.voucher_id = l.voucher_id and n.is_active order by k.id desc limit 1)
        """;

    /// <summary>
    /// Until the transaction ends no spot check of the lines' classes is written; one that was being written is waited for,
    /// so that it lies either before the review's instant and is seen, or after it. Taken after any lock of vouchers.
    /// </summary>
    public static Task HoldSpotChecksAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimId claim) =>
        connection.ExecuteAsync("""
            select from training_class where id in (
                select n.class_id from claim_line l join enrolment n on n.voucher_id = l.voucher_id and n.is_active where l.claim_id = @claim)
            order by id for share
            """, new { claim }, transaction);

    public static Task<ClaimId> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction,
        RegionCode region, InstitutionId institution, Actor actor, PolicyId policy, DateTimeOffset now) =>
        connection.QuerySingleAsync<ClaimId>("""
            insert into claim (region, institution_id, status, submitted_by, submitted_by_staff, submitted_at, policy_id)
            values (@region, @institution, 1, @Account, @Staff, @now, @policy) returning id
            """, new { region, institution, actor.Account, actor.Staff, now, policy }, transaction);

    public static Task InsertLinesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimId claim, IReadOnlyCollection<NewClaimLine> lines) =>
        connection.ExecuteAsync("""
            insert into claim_line (
                claim_id, voucher_id, budget_line_id, face_value_fen, rate_fen, amount_fen, delivered_hours, planned_hours, full_pay_percent,
                evidence, note, state)
            select @claim, line.voucher, line.budget_line, line.face_value, line.rate, line.amount, line.delivered, line.planned, line.full_percent,
                   line.evidence::jsonb, @note, 2
            from unnest(@vouchers, @budgetLines, @faceValues, @rates, @amounts, @delivered, @planned, @full, @evidence)
                as line (voucher, budget_line, face_value, rate, amount, delivered, planned, full_percent, evidence)
            order by line.voucher
            """,
            new
            {
                claim, note = lines.First().Note,
                vouchers = lines.Select(line => line.Candidate.Voucher.Value).ToArray(),
                budgetLines = lines.Select(line => line.Candidate.BudgetLine.Value).ToArray(),
                faceValues = lines.Select(line => line.Amount.FaceValue.Value).ToArray(),
                rates = lines.Select(line => line.Amount.Rate.Value).ToArray(),
                amounts = lines.Select(line => line.Amount.Value.Value).ToArray(),
                delivered = lines.Select(line => line.Amount.Delivered!.AttendedHours).ToArray(),
                planned = lines.Select(line => line.Amount.Delivered!.PlannedHours).ToArray(),
                full = lines.Select(line => (short)line.Amount.Delivered!.FullPayPercent).ToArray(),
                evidence = lines.Select(line => line.Evidence.ToJson()).ToArray(),
            }, transaction);

    /// <summary>Locks the claims, smallest number first; those that do not exist are left out.</summary>
    public static async Task<IReadOnlyList<LockedClaim>> LockAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, params IReadOnlyCollection<ClaimId> claims)
    {
        var rows = await connection.QueryAsync<ClaimRow>("""
            select id, institution_id, status::int as status, submitted_by_staff, approved_by_staff, policy_id
            from claim where id = any(@ids) order by id for update
            """, new { ids = claims.Select(claim => claim.Value).ToArray() }, transaction);
        return [.. rows.Select(row => new LockedClaim(
            row.Id, row.InstitutionId, (ClaimStatus)row.Status, row.SubmittedByStaff, row.ApprovedByStaff, row.PolicyId))];
    }

    /// <summary>The lines of a claim whose lock is held.</summary>
    public static async Task<IReadOnlyList<LockedLine>> LinesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimId claim)
    {
        var rows = await connection.QueryAsync<LineRow>($"""
            select l.id, l.voucher_id, (l.evidence ->> 'classId')::bigint as class_id, l.budget_line_id, l.face_value_fen, l.rate_fen,
                   l.amount_fen, l.delivered_hours, l.planned_hours, l.full_pay_percent::int as full_pay_percent,
                   l.state::int as state, l.verdict::int as verdict, l.reviewed_by_staff, coalesce(r.name, '') as reviewer_name,
                   l.reviewed_by_staff is not null and not exists (
                       select from account a join account_role o on o.account_id = a.id
                       where a.staff_id = l.reviewed_by_staff and a.is_active and o.role = any(@reviewers)) as reviewer_is_gone,
                   {FindingsAt} as findings_at, b.drafted_by_staff, b.approved_by_staff
            from claim_line l
            join voucher v on v.id = l.voucher_id
            join batch b on b.id = v.batch_id
            left join staff r on r.id = l.reviewed_by_staff
            where l.claim_id = @claim order by l.id
            """, new { claim, reviewers = Permission.Holders[Permission.ReviewClaim].Select(role => (short)role).ToArray() }, transaction);
        return [.. rows.Select(row => new LockedLine(
            row.Id, row.VoucherId, row.ClassId, row.BudgetLineId, AmountOf(row), (ClaimLineState)row.State, (LineVerdict?)row.Verdict,
            row.ReviewedByStaff, row.ReviewerName, row.ReviewerIsGone, row.FindingsAt, row.DraftedByStaff, row.ApprovedByStaff))];
    }

    /// <exception cref="InvalidOperationException">What the line was claimed for is not what its evidence is worth: it was changed behind the system's back.</exception>
    private static ClaimAmount AmountOf(LineRow row)
    {
        var amount = new ClaimAmount(row.FaceValueFen, row.RateFen, DeliveryOf(row.DeliveredHours, row.PlannedHours, row.FullPayPercent));
        return amount.Value == row.AmountFen
            ? amount
            : throw new InvalidOperationException($"Claim line {row.Id} stands at {row.AmountFen}; what was frozen with it is worth {amount.Value}.");
    }

    /// <summary>As the columns of a line have it; <c>null</c> for lines of before hours were weighed.</summary>
    public static Delivery? DeliveryOf(int? deliveredHours, int? plannedHours, int? fullPayPercent) =>
        deliveredHours is { } delivered && plannedHours is { } planned && fullPayPercent is { } full ? new Delivery(delivered, planned, full) : null;

    /// <summary>The first voucher that was passed before a spot check of its class found something; <c>null</c> when there is none.</summary>
    public static Task<VoucherId?> PassedBeforeFindingsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimId claim) =>
        connection.QueryFirstOrDefaultAsync<VoucherId?>($"""
            select l.voucher_id from claim_line l
            where l.claim_id = @claim and l.state = 2 and l.verdict = 1 and {FindingsAt} > l.reviewed_at order by l.id limit 1
            """, new { claim }, transaction);

    /// <summary>
    /// Writes one approval: the decided lines become approved or rejected by their verdict; what is held or returned stays open.
    /// </summary>
    /// <param name="number">Counts the claim's approvals from 1.</param>
    /// <exception cref="InvalidOperationException">Something changed under the claim's lock: a bug.</exception>
    public static async Task ApproveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimId claim, ClaimStatus status, int number,
        int passed, int rejected, Rule rule, Actor actor, DateTimeOffset now)
    {
        Expect(await connection.ExecuteAsync("""
            update claim set status = @status, approved_by = @Account, approved_by_staff = @Staff, approved_at = @now
            where id = @claim and status in (1, 5)
            """, new { claim, status = (short)status, actor.Account, actor.Staff, now }, transaction), 1);
        await connection.ExecuteAsync("""
            insert into claim_approval (claim_id, number, approved_by, approved_by_staff, approved_at, rule, passed, rejected)
            values (@claim, @number, @Account, @Staff, @now, @rule, @passed, @rejected)
            """, new { claim, number, actor.Account, actor.Staff, now, rule = rule.ToString(), passed, rejected }, transaction);
        Expect(await connection.ExecuteAsync("""
            update claim_line set state = case verdict when 1 then 3 else 4 end, approval = @number
            where claim_id = @claim and state = 2 and verdict is not null
            """, new { claim, number }, transaction), passed + rejected);
    }

    /// <summary>How many approvals the claim has had.</summary>
    public static Task<int> ApprovalsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimId claim) =>
        connection.ExecuteScalarAsync<int>("select count(*)::int from claim_approval where claim_id = @claim", new { claim }, transaction);

    /// <summary>The vouchers' money is no longer reserved: it is payable, or back on the budget line.</summary>
    /// <exception cref="InvalidOperationException">A completed voucher had lost its reservation: the books are wrong.</exception>
    public static async Task ReleaseAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<VoucherId> vouchers)
    {
        var ids = vouchers.Select(voucher => voucher.Value).ToArray();
        Expect(await connection.ExecuteAsync("""
            update voucher set is_reserved = false
            where id = any(@ids) and is_reserved and state = 4 and not in_conflict
            """, new { ids }, transaction), ids.Length);
    }

    public static Task<ClaimId?> LiveClaimOfAsync(NpgsqlConnection connection, VoucherId voucher) =>
        connection.QuerySingleOrDefaultAsync<ClaimId?>(
            "select claim_id from live_claim_line where voucher_id = @voucher", new { voucher });
}
