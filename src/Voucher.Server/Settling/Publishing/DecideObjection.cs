using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Allowances;
using Voucher.Server.Settling.Claims;
using Voucher.Server.Settling.Recovering;

namespace Voucher.Server.Settling.Publishing;

/// <summary>
/// 处理异议: one person proposes with a reason, another confirms or sends it back; neither has reviewed or approved what it is
/// about. Upheld, whatever is still owed for the vouchers is undone and goes back to their budget lines, and what is paid is left for a recovery;
/// dismissed, it is free again.
/// </summary>
public sealed class DecideObjection(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    private const short CancelledPayable = 4;

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

    public Task<Outcome<ObjectionState>> RunAsync(Actor actor, long id, ObjectionStep? step, string? reason) =>
        Database.Deadlock.RunAsync(() => OnceAsync(actor, id, step, reason));

    private async Task<Outcome<ObjectionState>> OnceAsync(Actor actor, long id, ObjectionStep? step, string? reason)
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
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.DecideObjection, policy) is { } gone) return gone;
        var lines = await ObjectionStore.LinesOfAsync(connection, transaction, id);
        var (vouchers, claims) = await ObjectionStore.AboutAsync(connection, transaction, id);
        await ClaimStore.LockAsync(connection, transaction, claims);
        await ObjectionStore.HoldAsync(connection, transaction, vouchers);
        if (await ObjectionStore.LockAsync(connection, transaction, county.Region, id) is not { } objection) return Refusal.Of(RefusalCode.NotFound);
        if (PublicationObjection.Decide(objection.Standing, step!.Value, policy) is var outcome && outcome is Outcome<ObjectionStanding>.Refused(var wrong)) return wrong;
        var decided = await SettlementDuties.OfPayablesAsync(connection, transaction, [.. lines.Select(line => line.Payable)]);
        if (Duties.Refuse(policy, actor.Staff, step == ObjectionStep.Confirm ? [(Proposal, objection.ProposedBy), .. decided] : decided) is { } same) return same;

        var after = outcome.OrThrow();
        await ObjectionStore.StepAsync(connection, transaction, objection, after, step.Value, why, actor, now);
        var detail = after.State switch
        {
            ObjectionState.Upheld => await UpholdAsync(connection, transaction, objection, vouchers, why, policy, actor, now),
            ObjectionState.Dismissed => await DismissAsync(connection, transaction, await ObjectionStore.FrozenAsync(connection, transaction, id), policy, now),
            _ => "",
        };
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, ActionOf(step.Value), $"objection:{id}", detail,
            Ground.Of(policy.RuleOf(Clause.Publication), why));
        await transaction.CommitAsync();
        return after.State;
    }

    private static async Task<string> DismissAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<LockedPublicationLine> frozen, Policy policy, DateTimeOffset now)
    {
        var command = new PublicationCommand.Dismiss(CountyTime.DayOf(now));
        await ObjectionStore.DismissAsync(
            connection, transaction, [.. frozen.Select(line => (line.Payable, PublicationMachine.Decide(line.State, command, policy).OrThrow()))]);
        return $"{frozen.Count} lines free again";
    }

    private async Task<string> UpholdAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedObjection objection, VoucherId[] vouchers, string why, Policy policy, Actor actor, DateTimeOffset now)
    {
        var frozen = await ObjectionStore.FrozenAsync(connection, transaction, objection.Id);
        foreach (var line in frozen) PublicationMachine.Decide(line.State, new PublicationCommand.Uphold(), policy).OrThrow();
        // A frozen line may have been cancelled meanwhile, and its rest be owed anew: that is struck, and of the line nothing is left to strike.
        await DismissAsync(connection, transaction, [.. frozen.Where(line => line.PayableState == CancelledPayable)], policy, now);
        var struck = await ObjectionStore.StrikeAsync(connection, transaction, objection, vouchers);
        if (struck.Count > 0) await ReverseAsync(connection, transaction, objection, struck, policy, actor, now);
        var recoveries = await ProposeAfterObjection.RunAsync(connection, transaction, county.Region, objection.Id, vouchers, why, policy, actor, now);
        return $"{struck.Count} payables struck" + (recoveries.Count > 0 ? $", taking back proposed: {string.Join(", ", recoveries)}" : "");
    }

    /// <summary>What was struck goes back to the budget lines, the lines are rejected and the days of allowances struck off.</summary>
    private static async Task ReverseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedObjection objection, IReadOnlyList<StruckPayable> struck, Policy policy, Actor actor, DateTimeOffset now)
    {
        List<long> payables = [.. struck.Select(one => one.Payable)];
        await AllowanceStore.StrikeOffAsync(connection, transaction, payables, $"公示异议 {ObjectionDetail.NumberOf(objection.Id)} 成立", actor, now);
        var retained = await ObjectionStore.RejectLinesAsync(connection, transaction, objection.Id, payables);
        List<LedgerMove> moves =
        [
            .. struck.Select(one => new LedgerMove(one.BudgetLine, LedgerAccountKind.Payable, LedgerAccountKind.Unreserved, one.Amount, one.Voucher)),
            .. retained.Select(one => new LedgerMove(one.BudgetLine, LedgerAccountKind.Retained, LedgerAccountKind.Unreserved, one.Amount, one.Voucher)),
        ];
        var shortage = await LedgerBook.PostAsync(
            connection, transaction, LedgerTransactionKind.Reverse, $"objection:{objection.Id}", policy.RuleOf(Clause.Publication), moves, actor.Account, now);
        if (shortage is not null) throw new InvalidOperationException($"Objection {objection.Id}: less is payable than its lines say.");
    }

    private static string ActionOf(ObjectionStep step) => step switch
    {
        ObjectionStep.ProposeUpheld or ObjectionStep.ProposeDismissed => "objection.propose",
        ObjectionStep.Confirm => "objection.decide",
        _ => "objection.return",
    };
}
