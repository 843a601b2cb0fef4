using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Reviewing;

namespace Voucher.Server.Settling.Claims;

/// <summary>
/// 结算审核, line by line. The reviewer has neither issued the voucher nor submitted the claim, nor spot-checked the class alone,
/// released a hold on the voucher or approved the class. A verdict may be changed until the approval by whoever gave it; once they
/// are a reviewer no longer, by another with a reason. Every verdict ever given is kept and compared when the claim is approved.
/// </summary>
public sealed class ReviewClaim(NpgsqlDataSource database, PolicyStore policies, TimeProvider clock)
{
    /// <summary>What a reviewer does with lines.</summary>
    /// <param name="Missing">With <see cref="LineStepKind.Returned"/>: what the institution is to complete.</param>
    private sealed record Act(LineStepKind Kind, string? Reason, string? Missing = null)
    {
        public LineCommand By(StaffId staff) => Kind switch
        {
            LineStepKind.Passed => new LineCommand.Pass(staff, Reason),
            LineStepKind.Rejected => new LineCommand.Reject(staff, Reason),
            LineStepKind.Returned => new LineCommand.Return(staff, Reason, Missing),
            LineStepKind.Held => new LineCommand.Hold(staff, Reason),
            LineStepKind.Released => new LineCommand.Release(Reason),
            LineStepKind.TakenBack => new LineCommand.Reopen(staff, Reason),
            _ => throw new ArgumentOutOfRangeException(nameof(staff), Kind, "Not a reviewer's act."),
        };
    }

    public Task<Outcome<int>> OneAsync(Actor actor, ClaimId claim, ClaimLineId line, LineVerdict? verdict, string? reason) =>
        JudgeAsync(actor, claim, verdict, reason, line);

    /// <summary>
    /// The same verdict for every line that has none yet; answers with how many there were. Lines that bear a mark are not passed
    /// in one go: each wants its own reason.
    /// </summary>
    public Task<Outcome<int>> AllUndecidedAsync(Actor actor, ClaimId claim, LineVerdict? verdict, string? reason) =>
        JudgeAsync(actor, claim, verdict, reason, only: null);

    /// <summary>Returns a line to be completed, holds it, releases it, or takes a verdict back.</summary>
    public Task<Outcome<int>> StepAsync(Actor actor, ClaimId claim, ClaimLineId line, LineStepKind kind, string? reason, string? missing = null) =>
        RunAsync(actor, claim, new Act(kind, Clean(reason), kind == LineStepKind.Returned ? Clean(missing) : null), line);

    private Task<Outcome<int>> JudgeAsync(Actor actor, ClaimId claim, LineVerdict? verdict, string? reason, ClaimLineId? only) =>
        verdict switch
        {
            LineVerdict.Pass => RunAsync(actor, claim, new Act(LineStepKind.Passed, Clean(reason)), only),
            LineVerdict.Reject => RunAsync(actor, claim, new Act(LineStepKind.Rejected, Clean(reason)), only),
            _ => Task.FromResult<Outcome<int>>((List<FieldError>)[new("verdict", new("请选择 pass（通过）或 reject（不通过）", "Choose pass or reject"))]),
        };

    private static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private async Task<Outcome<int>> RunAsync(Actor actor, ClaimId id, Act act, ClaimLineId? only)
    {
        if (Check(act) is { Count: > 0 } errors) return errors;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var claim = (await ClaimStore.LockAsync(connection, transaction, id)).SingleOrDefault();
        if (claim is null || !actor.MayActFor(claim.Institution)) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.GetAsync(claim.Policy);
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.ReviewClaim, policy) is { } gone) return gone;
        if (!claim.Status.IsOpen()) return Refusal.Under(policy, RefusalCode.WrongStep, claim.Status.Name());
        await ClaimStore.HoldSpotChecksAsync(connection, transaction, id);
        var now = clock.GetUtcNow();
        var lines = await ClaimStore.LinesAsync(connection, transaction, id);
        var marks = await LineMarkStore.OfClaimAsync(connection, transaction, id, policy);
        List<LockedLine> meant = [.. lines.Where(line => only is null ? IsMeantByAll(line, act, marks) : line.Id == only)];
        if (only is not null && meant.Count == 0) return Refusal.Of(RefusalCode.NotFound);
        if (await RefuseDutiesAsync(connection, transaction, claim, meant, actor, policy) is { } same) return same;
        if (act is { Kind: LineStepKind.Passed, Reason: null } && meant.Select(line => MarksOf(line, marks)).FirstOrDefault(of => of.Count > 0) is { } marked)
            return (List<FieldError>)[new("reason", new($"有标记（{Names(marked, "zh")}），通过须写明理由", $"It bears marks ({Names(marked, "en")}): say why it is passed"))];
        if (Decide(meant, act, actor, policy, out var next) is { } refusal) return refusal;

        await PhoneStore.DrawAsync(connection, transaction, id, lines, policy, now);
        if (next is not null)
        {
            await LineStepStore.ApplyAsync(
                connection, transaction, [.. meant.Select(line => line.Id)], meant[0].State, next, act.Kind, act.Reason, act.Missing, actor, now);
        }
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "claim.review", $"claim:{id}",
            only is null ? $"{act.Kind}, {meant.Count} undecided lines" : $"{act.Kind}, line {only}",
            $"{policy.RuleOf(Clause.Voucher)}{(act.Reason is null ? "" : $"; {act.Reason}")}");
        await transaction.CommitAsync();
        return meant.Count;
    }

    private static IReadOnlyList<LineMark> MarksOf(LockedLine line, IReadOnlyDictionary<ClaimLineId, IReadOnlyList<LineMark>> marks) =>
        marks.GetValueOrDefault(line.Id, []);

    private static string Names(IReadOnlyList<LineMark> marks, string language) =>
        string.Join(language == "zh" ? "、" : ", ", marks.Select(mark => mark.Name().In(language)));

    private static bool IsMeantByAll(LockedLine line, Act act, IReadOnlyDictionary<ClaimLineId, IReadOnlyList<LineMark>> marks) =>
        line is { State: ClaimLineState.Submitted, Verdict: null } && (act.Kind == LineStepKind.Rejected || MarksOf(line, marks).Count == 0);

    private static List<FieldError> Check(Act act)
    {
        var read = new FieldReader();
        var needsReason = act.Kind is not (LineStepKind.Passed or LineStepKind.TakenBack);
        if (needsReason && act.Reason is null) read.Fault("reason", new("必须写明理由", "Say why"));
        if (Reasons.Fault(act.Reason) is { } faults) read.Errors.AddRange(faults);
        if (act.Kind == LineStepKind.Returned) read.Text("missing", act.Missing, Reasons.Longest);
        return read.Errors;
    }

    private static async Task<Refusal?> RefuseDutiesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedClaim claim, List<LockedLine> lines, Actor actor, Policy policy) =>
        Duties.Refuse(policy, actor.Staff,
        [
            (Duties.Submission, claim.SubmittedBy),
            .. lines.Select(line => (Duties.BatchDraft, (StaffId?)line.BatchDraftedBy)),
            .. lines.Select(line => (Duties.BatchApproval, line.BatchApprovedBy)),
            .. await LineStepStore.BarredAsync(connection, transaction, [.. lines.Select(line => line.Id)]),
        ]);

    /// <summary>What every one of the lines becomes; they are all in one state, so that it is the same for all.</summary>
    private static Refusal? Decide(List<LockedLine> lines, Act act, Actor actor, Policy policy, out ClaimLine? next)
    {
        next = null;
        foreach (var line in lines)
        {
            switch (ClaimLineMachine.Decide(line.Line, act.By(actor.Staff), policy))
            {
                case LineDecision.Refused(var refusal): return refusal;
                case LineDecision.Goes(var after): next = after; break;
            }
        }
        return null;
    }
}
