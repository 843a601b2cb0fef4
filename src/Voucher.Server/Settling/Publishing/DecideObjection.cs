using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Publishing;

/// <summary>
/// 处理异议: one person proposes with a reason, another confirms or sends it back; neither has reviewed or approved what it is
/// about. Upheld, the approval is undone and the money goes back to the budget line; dismissed, the lines are free again.
/// </summary>
public sealed class DecideObjection(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    private static readonly Words Proposal = new("提出处理意见", "proposed on the objection");

    /// <summary><c>uphold</c>, <c>dismiss</c>, <c>confirm</c> or <c>return</c>.</summary>
    public static ObjectionStep? ReadStep(string? step) => step switch
    {
        "uphold" => ObjectionStep.ProposeUpheld,
        "dismiss" => ObjectionStep.ProposeDismissed,
        "confirm" => ObjectionStep.Confirm,
        "return" => ObjectionStep.SendBack,
        _ => null,
    };

    public async Task<Outcome<ObjectionState>> RunAsync(Actor actor, long id, ObjectionStep? step, string? reason)
    {
        if (!actor.IsCounty) return Refusal.Of(RefusalCode.NotAllowed);
        var read = new FieldReader();
        var why = read.Text("reason", reason, Reasons.Longest);
        if (step is null) read.Fault("step", new("请选择 uphold、dismiss、confirm 或 return", "Choose uphold, dismiss, confirm or return"));
        if (read.Errors.Count > 0) return read.Errors;
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var lines = await ObjectionStore.LinesOfAsync(connection, transaction, id);
        await ClaimStore.LockAsync(connection, transaction, [.. lines.Select(line => line.Claim).Distinct()]);
        await ObjectionStore.HoldAsync(connection, transaction, id);
        if (await ObjectionStore.LockAsync(connection, transaction, county.Region, id) is not { } objection) return Refusal.Of(RefusalCode.NotFound);
        if (PublicationObjection.Decide(objection.Standing, step!.Value, policy) is var outcome && outcome is Outcome<ObjectionStanding>.Refused(var wrong)) return wrong;
        if (RefuseDuty(objection, lines, step.Value, actor, policy) is { } same) return same;

        var after = outcome.OrThrow();
        await ObjectionStore.StepAsync(connection, transaction, objection, after, step.Value, why, actor, now);
        var detail = after.State switch
        {
            ObjectionState.Upheld => await UpholdAsync(connection, transaction, objection, policy, actor, now),
            ObjectionState.Dismissed => await DismissAsync(connection, transaction, objection, policy, now),
            _ => "",
        };
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, ActionOf(step.Value), $"objection:{id}", detail,
            Ground.Of(policy.RuleOf(Clause.Publication), why));
        await transaction.CommitAsync();
        return after.State;
    }

    private static Refusal? RefuseDuty(LockedObjection objection, IReadOnlyList<ObjectedLine> lines, ObjectionStep step, Actor actor, Policy policy) =>
        Duties.Refuse(policy, actor.Staff,
        [
            .. step == ObjectionStep.Confirm ? new[] { (Proposal, objection.ProposedBy) } : [],
            .. lines.Select(line => (Duties.Review, line.ReviewedBy)),
            .. lines.Select(line => (Duties.Approval, line.ApprovedBy)),
        ]);

    private static async Task<string> DismissAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedObjection objection, Policy policy, DateTimeOffset now)
    {
        var command = new PublicationCommand.Dismiss(CountyTime.DayOf(now));
        var frozen = await ObjectionStore.FrozenAsync(connection, transaction, objection.Id);
        await ObjectionStore.DismissAsync(
            connection, transaction, [.. frozen.Select(line => (line.Payable, PublicationMachine.Decide(line.State, command, policy).OrThrow()))]);
        return $"{frozen.Count} lines free again";
    }

    private static async Task<string> UpholdAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedObjection objection, Policy policy, Actor actor, DateTimeOffset now)
    {
        var frozen = await ObjectionStore.FrozenAsync(connection, transaction, objection.Id);
        foreach (var line in frozen) PublicationMachine.Decide(line.State, new PublicationCommand.Uphold(), policy).OrThrow();
        if (frozen.Count == 0) return "nothing was left to strike";
        var struck = await ObjectionStore.StrikeAsync(connection, transaction, objection, [.. frozen.Select(line => line.Payable)]);
        var retained = await ObjectionStore.RejectLinesAsync(connection, transaction, objection.Id, [.. struck.Select(one => one.Payable)]);
        List<LedgerMove> moves =
        [
            .. struck.Select(one => new LedgerMove(one.BudgetLine, LedgerAccountKind.Payable, LedgerAccountKind.Unreserved, one.Amount, one.Voucher)),
            .. retained.Select(one => new LedgerMove(one.BudgetLine, LedgerAccountKind.Retained, LedgerAccountKind.Unreserved, one.Amount, one.Voucher)),
        ];
        var shortage = await LedgerBook.PostAsync(
            connection, transaction, LedgerTransactionKind.Reverse, $"objection:{objection.Id}", policy.RuleOf(Clause.Publication), moves, actor.Account, now);
        if (shortage is not null) throw new InvalidOperationException($"Objection {objection.Id}: less is payable than its lines say.");
        return $"{frozen.Count} lines struck";
    }

    private static string ActionOf(ObjectionStep step) => step switch
    {
        ObjectionStep.ProposeUpheld or ObjectionStep.ProposeDismissed => "objection.propose",
        ObjectionStep.Confirm => "objection.decide",
        _ => "objection.return",
    };
}
