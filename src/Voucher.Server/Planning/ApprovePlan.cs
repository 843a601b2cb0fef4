using Voucher.Core.Planning;
using Voucher.Server.Policies;
using Voucher.Server.Settling;

namespace Voucher.Server.Planning;

/// <summary>A person who neither drafted nor edited it puts a draft into force, once it adds up at every level; or it is given up.</summary>
public sealed class ApprovePlan(NpgsqlDataSource database, PlanStore plans, PlanNamesStore names, PolicyStore policies, TimeProvider clock)
{
    public static readonly Words Draft = new("拟定计划", "drafted the plan");
    public static readonly Words Editing = new("分解任务", "divided its targets");

    public async Task<Outcome<Nothing>> RunAsync(Actor actor, PlanId id)
    {
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await plans.LockAsync(connection, transaction, id) is not { } plan) return Refusal.Of(RefusalCode.NotFound);
        if (plan.Status != PlanStatus.Draft) return Refusal.Under(policy, RefusalCode.PlanWrongStep, plan.Status.Name());
        var editors = await PlanStore.EditorsAsync(connection, transaction, id);
        if (Duties.Refuse(policy, actor.Staff, [(Draft, plan.DraftedByStaff), .. editors.Select(by => (Editing, (StaffId?)by))]) is { } same) return same;
        var tree = new TargetTree(await TargetStore.ListAsync(connection, transaction, id));
        if (tree.Differences() is [var first, ..]) return await SayDifferenceAsync(policy, first);
        if (tree.Overlaps(await names.TradesOfProgrammesAsync()).ToList() is [var (trade, programme), ..])
            return await SayOverlapAsync(policy, tree, trade, programme);
        await plans.ApproveAsync(connection, transaction, plan, actor, now);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "plan.approve", $"plan:{id}", $"{plan.People} people",
            Ground.Under(Permission.ApprovePlan));
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    public async Task<Outcome<Nothing>> DiscardAsync(Actor actor, PlanId id)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await plans.LockAsync(connection, transaction, id) is not { } plan) return Refusal.Of(RefusalCode.NotFound);
        if (plan.Status != PlanStatus.Draft)
            return Refusal.Under(await policies.InForceOrLastAsync(CountyTime.DayOf(now)), RefusalCode.PlanWrongStep, plan.Status.Name());
        await PlanStore.DiscardAsync(connection, transaction, id);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "plan.discard", $"plan:{id}", "", Ground.Under(Permission.EditPlan));
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    private async Task<Refusal> SayDifferenceAsync(Policy policy, SumDifference difference) => Refusal.Under(
        policy, RefusalCode.PlanSumsDiffer, (await names.ReadAsync()).NameOf(difference.Target), difference.Stated,
        PartsOf(difference.Split), difference.Sum);

    private async Task<Refusal> SayOverlapAsync(Policy policy, TargetTree tree, Target trade, Target programme)
    {
        var known = await names.ReadAsync();
        return Refusal.Under(
            policy, RefusalCode.PlanPartsOverlap, known.NameOf(tree.Find(trade.Parent!.Value)!), known.NameOf(trade), known.NameOf(programme));
    }

    /// <summary>The parts of a division as the subject of a sentence.</summary>
    public static Words PartsOf(TargetSplit split) => new($"各{split.Name().Zh}", $"its parts by {split.Name().En.ToLowerInvariant()}");
}
