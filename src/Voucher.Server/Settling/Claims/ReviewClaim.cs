using Voucher.Server.Api;
using Voucher.Server.Policies;

namespace Voucher.Server.Settling.Claims;

/// <summary>
/// 结算审核, line by line. The reviewer has neither issued the voucher nor submitted the claim; a verdict may be changed
/// until the claim is approved, but only by whoever gave it: nobody's review is ever forgotten when duties are compared.
/// </summary>
public sealed class ReviewClaim(NpgsqlDataSource database, PolicyStore policies, TimeProvider clock)
{
    public Task<Outcome<int>> OneAsync(Actor actor, ClaimId claim, ClaimLineId line, LineVerdict? verdict, string? reason) =>
        RunAsync(actor, claim, verdict, reason, line);

    /// <summary>
    /// The same verdict for every line that has none yet; answers with how many there were. Lines whose spot check found
    /// something are not passed in one go: each wants its own reason.
    /// </summary>
    public Task<Outcome<int>> AllUndecidedAsync(Actor actor, ClaimId claim, LineVerdict? verdict, string? reason) =>
        RunAsync(actor, claim, verdict, reason, only: null);

    private async Task<Outcome<int>> RunAsync(Actor actor, ClaimId id, LineVerdict? verdict, string? reason, ClaimLineId? only)
    {
        reason = string.IsNullOrWhiteSpace(reason) ? null : reason.Trim();
        if (Check(verdict, reason) is { Count: > 0 } errors) return errors;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var claim = (await ClaimStore.LockAsync(connection, transaction, id)).SingleOrDefault();
        if (claim is null || !actor.MayActFor(claim.Institution)) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.GetAsync(claim.Policy);
        await ClaimStore.HoldSpotChecksAsync(connection, transaction, id);
        var now = clock.GetUtcNow();
        var lines = await ClaimStore.LinesAsync(connection, transaction, id);
        List<LockedLine> meant = [.. lines.Where(line => only is null ? IsMeantByAll(line, verdict!.Value) : line.Id == only)];
        if (only is not null && meant.Count == 0) return Refusal.Of(RefusalCode.NotFound);
        if (Refuse(claim, meant, actor, policy) is { } refusal) return refusal;
        if (verdict == LineVerdict.Pass && reason is null && meant.Any(line => line.FindingsAt is not null))
            return (List<FieldError>)[new("reason", new("抽查发现问题，通过须写明理由", "The spot check found something: say why it is passed"))];

        await ClaimStore.ReviewAsync(connection, transaction, [.. meant.Select(line => line.Id)], verdict!.Value, reason, actor, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "claim.review", $"claim:{id}",
            only is null ? $"{verdict}, {meant.Count} undecided lines" : $"{verdict}, line {only}",
            $"{policy.RuleOf(Clause.Voucher)}{(reason is null ? "" : $"; {reason}")}");
        await transaction.CommitAsync();
        return meant.Count;
    }

    private static bool IsMeantByAll(LockedLine line, LineVerdict verdict) =>
        line.Verdict is null && (verdict == LineVerdict.Reject || line.FindingsAt is null);

    private static List<FieldError> Check(LineVerdict? verdict, string? reason)
    {
        List<FieldError> errors = [];
        if (verdict is not (LineVerdict.Pass or LineVerdict.Reject))
            errors.Add(new("verdict", new("请选择 pass（通过）或 reject（不通过）", "Choose pass or reject")));
        if (verdict == LineVerdict.Reject && reason is null)
            errors.Add(new("reason", new("不通过必须写明理由", "Say why the line is rejected")));
        if (Reasons.Fault(reason) is { } faults) errors.AddRange(faults);
        return errors;
    }

    private static Refusal? RefuseOthersVerdict(List<LockedLine> lines, Actor actor, Policy policy) =>
        lines.Any(line => line.ReviewedBy is { } reviewer && reviewer != actor.Staff)
            ? Refusal.Under(policy, RefusalCode.WrongStep, new Words("已由其他人审核", "reviewed by another person"))
            : null;

    private static Refusal? Refuse(LockedClaim claim, List<LockedLine> lines, Actor actor, Policy policy)
    {
        if (claim.Status != ClaimStatus.Submitted) return Refusal.Under(policy, RefusalCode.WrongStep, claim.Status.Name());
        return Duties.Refuse(policy, actor.Staff,
        [
            (Duties.Submission, claim.SubmittedBy),
            .. lines.Select(line => (Duties.BatchDraft, (StaffId?)line.BatchDraftedBy)),
            .. lines.Select(line => (Duties.BatchApproval, line.BatchApprovedBy)),
        ]) ?? RefuseOthersVerdict(lines, actor, policy);
    }
}
