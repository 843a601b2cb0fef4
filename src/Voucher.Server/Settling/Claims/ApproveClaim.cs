using Voucher.Server.Ledger.Budget;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Allowances;
using Voucher.Server.Settling.Reviewing;

namespace Voucher.Server.Settling.Claims;

/// <summary>
/// 结算审批: what was passed becomes payable, what was rejected may be claimed again. Lines that are held or returned stay open for a
/// later approval. The approver is none of those who ever reviewed a line of the claim or called for it.
/// </summary>
public sealed class ApproveClaim(NpgsqlDataSource database, PolicyStore policies, SettlingNews news, County county, TimeProvider clock)
{
    public Task<Outcome<ClaimStatus>> RunAsync(Actor actor, ClaimId id) =>
        Database.Deadlock.RunAsync(() => OnceAsync(actor, id));

    private async Task<Outcome<ClaimStatus>> OnceAsync(Actor actor, ClaimId id)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var claim = (await ClaimStore.LockAsync(connection, transaction, id)).SingleOrDefault();
        if (claim is null || !actor.MayActFor(claim.Institution)) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.GetAsync(claim.Policy);
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.ApproveClaim, policy) is { } gone) return gone;
        var lines = await ClaimStore.LinesAsync(connection, transaction, id);
        var reviewers = await LineStepStore.ReviewersEverAsync(connection, transaction, id);
        if (Refuse(claim, lines, reviewers, actor, policy) is { } refusal) return refusal;
        List<LockedLine> decided = [.. lines.Where(line => line is { State: ClaimLineState.Submitted, Verdict: not null })];
        List<LockedLine> passed = [.. decided.Where(line => line.Verdict == LineVerdict.Pass)];
        // A claim of which nothing was passed is only closed: no money moves, and nobody need be called.
        if (passed.Count > 0 && await policies.InForceOnAsync(CountyTime.DayOf(now)) is null) return Refusal.Of(RefusalCode.NoRuleInForce);
        if (await RefuseVouchersAsync(connection, transaction, passed, policy) is { } changed) return changed;
        if (await RefuseFindingsAsync(connection, transaction, id, policy) is { } found) return found;
        if (await PurposeStore.RefuseClaimAsync(connection, transaction, policy, [.. passed.Select(line => line.Voucher)]) is { } outside) return outside;
        if (passed.Count > 0 && await RefuseSampleAsync(connection, transaction, id, lines, policy, now) is { } uncalled) return uncalled;

        var status = StatusAfter(lines, passed.Count);
        var number = 1 + await ClaimStore.ApprovalsAsync(connection, transaction, id);
        await ClaimStore.ReleaseAsync(connection, transaction, [.. passed.Select(line => line.Voucher)]);
        await ClaimStore.ApproveAsync(
            connection, transaction, id, status, number, passed.Count, decided.Count - passed.Count, policy.RuleOf(Clause.Responsibility), actor, now);
        await PostAsync(connection, transaction, id, number, passed, policy, actor, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "claim.approve", $"claim:{id}", $"{passed.Count} of {decided.Count} lines passed, {lines.Count} in the claim",
            ground: policy.RuleOf(Clause.Voucher).ToString());
        await transaction.CommitAsync();
        await news.ApprovedAsync(id, claim.Institution, passed.Count, decided.Count);
        return status;
    }

    private static Refusal? Refuse(
        LockedClaim claim, IReadOnlyList<LockedLine> lines, IReadOnlyList<(Words, StaffId?)> reviewers, Actor actor, Policy policy)
    {
        if (!claim.Status.IsOpen()) return Refusal.Under(policy, RefusalCode.WrongStep, claim.Status.Name());
        if (Duties.Refuse(policy, actor.Staff, [(Duties.Submission, claim.SubmittedBy), .. reviewers]) is { } same) return same;
        var undecided = lines.Count(line => line is { State: ClaimLineState.Submitted, Verdict: null });
        if (undecided > 0) return Refusal.Under(policy, RefusalCode.LinesUndecided, undecided);
        foreach (var line in lines.Where(line => line.State == ClaimLineState.Submitted))
            if (ClaimLineMachine.Decide(line.Line, new LineCommand.Approve(), policy) is LineDecision.Refused(var refusal)) return refusal;
        return lines.Any(line => line.State == ClaimLineState.Submitted) ? null : Refusal.Under(policy, RefusalCode.NothingToApprove);
    }

    /// <summary>Nothing is payable before the telephone sample is complete. A claim of which no sample was drawn yet gets it now.</summary>
    private static async Task<Refusal?> RefuseSampleAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimId id, IReadOnlyList<LockedLine> lines, Policy policy, DateTimeOffset now)
    {
        var isNew = await PhoneStore.DrawAsync(connection, transaction, id, lines, policy, now);
        var open = await PhoneStore.OpenAsync(connection, transaction, id);
        if (isNew && open > 0) await transaction.CommitAsync();
        return open > 0 ? Refusal.Under(policy, RefusalCode.PhoneSampleOpen, open) : null;
    }

    /// <summary>What the claim is once the submitted lines are decided.</summary>
    private static ClaimStatus StatusAfter(IReadOnlyList<LockedLine> lines, int passed)
    {
        if (lines.Any(line => line.State is ClaimLineState.Held or ClaimLineState.Returned)) return ClaimStatus.PartlyApproved;
        if (passed > 0 || lines.Any(line => line.State is ClaimLineState.Approved or ClaimLineState.PaymentFailed)) return ClaimStatus.Approved;
        return lines.Any(line => line.State is ClaimLineState.Paid or ClaimLineState.ClawedBack) ? ClaimStatus.Paid : ClaimStatus.Closed;
    }

    /// <summary>A spot check may have found something after the reviewer looked.</summary>
    private static async Task<Refusal?> RefuseFindingsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimId id, Policy policy)
    {
        await ClaimStore.HoldSpotChecksAsync(connection, transaction, id);
        return await ClaimStore.PassedBeforeFindingsAsync(connection, transaction, id) is { } voucher
            ? Refusal.Under(policy, RefusalCode.SpotCheckFindings, voucher)
            : null;
    }

    /// <summary>Between claim and approval a voucher may have come into conflict; then nothing of the claim is payable yet.</summary>
    private static async Task<Refusal?> RefuseVouchersAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, List<LockedLine> passed, Policy policy)
    {
        var vouchers = await CandidateStore.LockAsync(connection, transaction, [.. passed.Select(line => line.Voucher)]);
        if (vouchers.Count != passed.Count) throw new InvalidOperationException("A claimed voucher has no active enrolment.");
        return vouchers.Select(voucher => Claimability.RefuseApproval(voucher.Facts, policy)).FirstOrDefault(refusal => refusal is not null);
    }

    /// <summary>
    /// Reserved money becomes payable as far as the amount goes, but for what is kept back; the rest returns to the budget line.
    /// </summary>
    private async Task PostAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimId claim, int number, List<LockedLine> passed, Policy policy, Actor actor, DateTimeOffset now)
    {
        if (passed.Count == 0) return;
        var allowances = await ClaimAllowances.DueAsync(connection, transaction, policies, passed);
        var shares = passed
            .Select(line => (Line: line, line.Amount, Shares: ApprovedShares.Of(line.Amount.Value, policy.Parameters.RetentionPercent, allowances.Of(line.Id))))
            .ToList();
        await PayableStore.OfClaimAsync(
            connection, transaction, claim, [.. shares.Select(line => (line.Line.Id, line.Shares))],
            CountyTime.DayOf(now).AddMonths(policy.Parameters.RetentionMonths), now);
        await allowances.WriteAsync(connection, transaction, county, now);
        var moves = shares.SelectMany(line => new LedgerMove[]
        {
            Move(line.Line, LedgerAccountKind.Payable, line.Shares.Institution + line.Shares.Trainee),
            Move(line.Line, LedgerAccountKind.Retained, line.Shares.Retained),
            Move(line.Line, LedgerAccountKind.Unreserved, line.Amount.Unneeded),
        }).ToList();
        var shortage = await LedgerBook.PostAsync(
            connection, transaction, LedgerTransactionKind.Approve, number == 1 ? $"claim:{claim}" : $"claim:{claim}:{number}", policy.RuleOf(Clause.Voucher), moves, actor.Account, now);
        // Every voucher reserved its face value at issue, so the reservation covers it or the books are wrong.
        if (shortage is not null) throw new InvalidOperationException($"Claim {claim}: less is reserved than its vouchers are worth.");

        static LedgerMove Move(LockedLine line, LedgerAccountKind to, Fen amount) =>
            new(line.BudgetLine, LedgerAccountKind.Reserved, to, amount, line.Voucher);
    }
}
