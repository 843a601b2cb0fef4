using Voucher.Core.Settling;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Claims;

/// <summary>
/// 结算审批: what was passed becomes payable, what was rejected may be claimed again. The approver is none of the reviewers.
/// </summary>
public sealed class ApproveClaim(NpgsqlDataSource database, PolicyStore policies, SettlingNews news, TimeProvider clock)
{
    public async Task<Outcome<ClaimStatus>> RunAsync(Actor actor, ClaimId id)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var claim = (await ClaimStore.LockAsync(connection, transaction, id)).SingleOrDefault();
        if (claim is null || !actor.MayActFor(claim.Institution)) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.GetAsync(claim.Policy);
        var lines = await ClaimStore.LinesAsync(connection, transaction, id);
        if (Refuse(claim, lines, actor, policy) is { } refusal) return refusal;
        List<LockedLine> passed = [.. lines.Where(line => line.Verdict == LineVerdict.Pass)];
        // A claim of which nothing was passed is only closed: no money moves.
        if (passed.Count > 0 && await policies.InForceOnAsync(CountyTime.DayOf(now)) is null) return Refusal.Of(RefusalCode.NoRuleInForce);
        if (await RefuseVouchersAsync(connection, transaction, passed, policy) is { } changed) return changed;
        if (await RefuseFindingsAsync(connection, transaction, id, policy) is { } found) return found;

        var status = passed.Count > 0 ? ClaimStatus.Approved : ClaimStatus.Closed;
        await ClaimStore.ReleaseAsync(connection, transaction, [.. passed.Select(line => line.Voucher)]);
        await ClaimStore.ApproveAsync(connection, transaction, id, status, lines.Count, actor, now);
        await PostAsync(connection, transaction, id, passed, policy, actor, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "claim.approve", $"claim:{id}", $"{passed.Count} of {lines.Count} lines passed",
            ground: policy.RuleOf(Clause.Voucher).ToString());
        await transaction.CommitAsync();
        await news.ApprovedAsync(id, claim.Institution, passed.Count, lines.Count);
        return status;
    }

    private static Refusal? Refuse(LockedClaim claim, IReadOnlyList<LockedLine> lines, Actor actor, Policy policy)
    {
        if (claim.Status != ClaimStatus.Submitted) return Refusal.Under(policy, RefusalCode.WrongStep, claim.Status.Name());
        var same = Duties.Refuse(policy, actor.Staff,
            [(Duties.Submission, claim.SubmittedBy), .. lines.Select(line => (Duties.Review, line.ReviewedBy))]);
        if (same is not null) return same;
        var undecided = lines.Count(line => line.Verdict is null);
        return undecided > 0 ? Refusal.Under(policy, RefusalCode.LinesUndecided, undecided) : null;
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
        return vouchers.Select(voucher => (voucher with { LiveClaim = null }).Refuse(policy)).FirstOrDefault(refusal => refusal is not null);
    }

    /// <summary>
    /// Reserved money becomes payable as far as the amount goes, but for what is kept back; the rest returns to the budget line.
    /// </summary>
    private static async Task PostAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ClaimId claim, List<LockedLine> passed, Policy policy, Actor actor, DateTimeOffset now)
    {
        if (passed.Count == 0) return;
        var shares = passed.Select(line => (Line: line, Amount: new ClaimAmount(line.FaceValue, line.Rate)))
            .Select(line => (line.Line, line.Amount, Shares: ApprovedShares.Of(line.Amount.Value, policy.Parameters.RetentionPercent, Fen.Zero)))
            .ToList();
        await PayableStore.OfClaimAsync(
            connection, transaction, claim, [.. shares.Select(line => (line.Line.Id, line.Shares))],
            CountyTime.DayOf(now).AddMonths(policy.Parameters.RetentionMonths), now);
        var moves = shares.SelectMany(line => new LedgerMove[]
        {
            Move(line.Line, LedgerAccountKind.Payable, line.Shares.Institution + line.Shares.Trainee),
            Move(line.Line, LedgerAccountKind.Retained, line.Shares.Retained),
            Move(line.Line, LedgerAccountKind.Unreserved, line.Amount.Unneeded),
        }).ToList();
        var shortage = await LedgerBook.PostAsync(
            connection, transaction, LedgerTransactionKind.Approve, $"claim:{claim}", policy.RuleOf(Clause.Voucher), moves, actor.Account, now);
        // Every voucher reserved its face value at issue, so the reservation covers it or the books are wrong.
        if (shortage is not null) throw new InvalidOperationException($"Claim {claim}: less is reserved than its vouchers are worth.");

        static LedgerMove Move(LockedLine line, LedgerAccountKind to, Fen amount) =>
            new(line.BudgetLine, LedgerAccountKind.Reserved, to, amount, line.Voucher);
    }
}
