using Voucher.Core.Planning;
using Voucher.Server.Policies;

namespace Voucher.Server.Planning;

/// <summary>One line of the grid: a part of a target as it is typed.</summary>
/// <param name="Key">Year, code of a township, code of a trade or programme; or the name of a department or an action.</param>
/// <param name="People">Empty: no such part.</param>
/// <param name="Scope">What a named action is tied to.</param>
/// <param name="Was">The key under which the row was shown; a row that is renamed takes the old part with it.</param>
public sealed record TargetRow(string? Key, string? People, string? Responsible = null, int? Scope = null, string? Was = null)
{
    /// <summary>Whether the row speaks of this part, by its name now or before.</summary>
    public bool IsOf(Target part) => TargetGrid.KeyOf(part) is var key && (Key?.Trim() == key || Was == key);
}

/// <summary>
/// A clerk types how a target is divided in one way. What is left empty is no part of it, and goes with all that hung on it; what
/// was not in the grid at all stays. The sums may still differ afterwards: a draft is worked on in steps, and only one that adds up is approved.
/// </summary>
public sealed class SaveTargets(NpgsqlDataSource database, PlanStore plans, PlanNamesStore names, PolicyStore policies, TimeProvider clock)
{
    /// <param name="people">The target itself; as it is when not given.</param>
    public async Task<Outcome<Nothing>> RunAsync(
        Actor actor, PlanId id, TargetId targetId, TargetSplit split, string? people, IReadOnlyList<TargetRow> rows)
    {
        var now = clock.GetUtcNow();
        var known = await names.ReadAsync();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await plans.LockAsync(connection, transaction, id) is not { } plan) return Refusal.Of(RefusalCode.NotFound);
        var tree = new TargetTree(await TargetStore.ListAsync(connection, transaction, id));
        if (tree.Find(targetId) is not { } target) return Refusal.Of(RefusalCode.NotFound);
        if (plan.Status != PlanStatus.Draft)
            return Refusal.Under(await policies.InForceOrLastAsync(CountyTime.DayOf(now)), RefusalCode.PlanWrongStep, plan.Status.Name());
        var (parts, errors) = TargetGrid.Read(plan, tree, target, split, people, rows, known);
        if (errors.Count > 0) return errors;
        if (people is not null) await TargetStore.ChangeAsync(connection, transaction, target.Id, TargetGrid.PeopleOf(people)!.Value, target.Responsible, target.Scope);
        await WriteAsync(connection, transaction, plan, [.. tree.Parts(target, split)], parts, rows);
        await PlanStore.EditedAsync(connection, transaction, id, actor);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "plan.targets", $"plan:{id}", $"target {target.Id}, {split}: {parts.Count} parts",
            Ground.Under(Permission.EditPlan));
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    private static async Task WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Plan plan, IReadOnlyList<Target> before, IReadOnlyList<Target> parts,
        IReadOnlyList<TargetRow> rows)
    {
        var kept = parts.ToLookup(KeyOf);
        await TargetStore.RemoveAsync(connection, transaction, before.Where(part => !kept.Contains(KeyOf(part)) && rows.Any(row => row.IsOf(part))).Select(part => part.Id));
        foreach (var part in before)
        {
            if (kept[KeyOf(part)].FirstOrDefault() is { } typed && (typed.People, typed.Responsible, typed.Scope) != (part.People, part.Responsible, part.Scope))
                await TargetStore.ChangeAsync(connection, transaction, part.Id, typed.People, typed.Responsible, typed.Scope);
        }
        var known = before.Select(KeyOf).ToHashSet();
        await TargetStore.InsertAsync(connection, transaction, plan.Id, [.. parts.Where(part => !known.Contains(KeyOf(part)))]);
    }

    /// <summary>What tells one part from its neighbours.</summary>
    private static (TargetSplit, int?, string?) KeyOf(Target part) => part.Split switch
    {
        TargetSplit.Year => (part.Split, part.Year, null),
        TargetSplit.Department => (part.Split, null, part.Department),
        TargetSplit.Township => (part.Split, part.Township, null),
        TargetSplit.Programme => (part.Split, part.Scope, null),
        _ => (part.Split, null, part.Item),
    };
}
