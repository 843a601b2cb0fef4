using Voucher.Core.Settling;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Allowances;

/// <summary>
/// The second person approves a monthly list as a whole: each entry becomes payable to the trainee out of the list's budget line,
/// or, where one may no longer be paid or the line is short, nothing does.
/// </summary>
public sealed class ApproveAllowances(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    public Task<Outcome<Nothing>> RunAsync(Actor actor, AllowanceListId id) => Database.Deadlock.RunAsync(() => OnceAsync(actor, id));

    private async Task<Outcome<Nothing>> OnceAsync(Actor actor, AllowanceListId id)
    {
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        if (await policies.InForceOnAsync(today) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.ApproveAllowances, policy) is { } gone) return gone;
        if (!actor.IsCounty || await AllowanceStore.LockAsync(connection, transaction, county.Region, id) is not { } list) return Refusal.Of(RefusalCode.NotFound);
        if (list.List.Decide(AllowanceStep.Approve, policy) is Outcome<AllowanceList>.Refused(var refusal)) return refusal;
        if (Duties.Refuse(policy, actor.Staff, [(SettlementDuties.AllowanceDraft, list.DraftedBy)]) is { } same) return same;
        if (await AllowanceLineStore.RefuseAsync(connection, transaction, list.Line, policy) is { } ended) return ended;
        var entries = await AllowanceStore.EntriesAsync(connection, transaction, id);
        if (await RefuseObstaclesAsync(connection, transaction, list, entries, policy, today) is { } obstacle) return obstacle;

        await AllowanceStore.ApproveAsync(connection, transaction, id, policy.Id, actor, now);
        await PayableStore.OfAllowancesAsync(connection, transaction, [.. entries.Select(entry => entry.Id)], now);
        var shortage = await LedgerBook.PostAsync(
            connection, transaction, LedgerTransactionKind.Allowance, $"allowance-list:{id}", policy.RuleOf(Clause.Allowance),
            [.. entries.Select(entry => new LedgerMove(entry.Line, LedgerAccountKind.Unreserved, LedgerAccountKind.Payable, entry.Amount, entry.Voucher))], actor.Account, now);
        if (shortage is not null) return shortage;
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "allowance.approve", $"allowance-list:{id}",
            $"{entries.Count} entries, {entries.Sum(entry => entry.Amount.Value)} fen", Ground.Of(policy.RuleOf(Clause.Allowance)));
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    /// <summary>Between draft and approval a trainee may have come into a hold, a conflict or a list.</summary>
    private static async Task<Refusal?> RefuseObstaclesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedAllowanceList list, IReadOnlyList<OwedAllowance> entries, Policy policy, DateOnly today)
    {
        await CandidateStore.LockAsync(connection, transaction, [.. entries.Select(entry => entry.Voucher).Distinct()]);
        var standing = (await AllowanceTraineeStore.OfListAsync(connection, transaction, list.Id, list.Line, policy, today))
            .ToLookup(trainee => (trainee.Person, trainee.Class), trainee => trainee.Standing.Obstacles(policy.Parameters.SpotCheckRequired));
        List<AllowanceObstacle> found = [];
        foreach (var entry in entries)
        {
            // Whoever left the class and came back has two enrolments: the one that may be paid counts.
            var obstacles = standing[(entry.Person, entry.Class)].OrderBy(each => each.Count).FirstOrDefault() ?? [AllowanceObstacle.NoLongerInClass];
            found.AddRange(obstacles.Take(1));
        }
        return found.Count == 0 ? null : Refusal.Under(policy, RefusalCode.AllowanceNoLongerDue, found.Count, found.Min().Name());
    }
}
