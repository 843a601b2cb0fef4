using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Retaining;

/// <summary>批准留存名单: by another person than who drafted it; what was released is owed, what was forfeited is back on its budget line.</summary>
public sealed class DecideRetained(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    private static readonly Words Draft = new("拟定留存名单", "drafted the list");

    /// <param name="isApproved"><c>null</c>: neither; bad input.</param>
    /// <param name="reason">Needed where it is refused.</param>
    public async Task<Outcome<Nothing>> RunAsync(Actor actor, long id, bool? isApproved, string? reason)
    {
        if (!actor.IsCounty) return Refusal.Of(RefusalCode.NotAllowed);
        var read = new FieldReader();
        var why = read.Text("reason", reason, Reasons.Longest, isOptional: isApproved == true);
        if (isApproved is null) read.Fault("verdict", new("请选择 approve（批准）或 refuse（退回）", "Choose approve or refuse"));
        if (read.Errors.Count > 0) return read.Errors;
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        var policy = await policies.InForceOrLastAsync(today);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var members = await RetainedStore.LinesOfAsync(connection, transaction, id);
        await ClaimStore.LockAsync(connection, transaction, [.. members.Select(line => line.Claim).Distinct()]);
        if (await RetainedStore.LockAsync(connection, transaction, county.Region, id) is not { } list) return Refusal.Of(RefusalCode.NotFound);
        if (list.Approved is { } decided) return Refusal.Under(policy, RefusalCode.RetainedWrongStep, RetainedListWords.Name(decided));
        if (Duties.Refuse(policy, actor.Staff, [(Draft, list.DraftedBy)]) is { } same) return same;
        if (isApproved == true && await policies.InForceOnAsync(today) is null) return Refusal.Of(RefusalCode.NoRuleInForce);

        var refusal = isApproved == true
            ? await ApproveAsync(connection, transaction, list, [.. members.Select(line => line.Line)], policy, actor, now)
            : null;
        if (refusal is not null) return refusal;
        if (isApproved == false) await RetainedStore.RefuseAsync(connection, transaction, id, why, actor, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, isApproved == true ? "retained.approve" : "retained.refuse", $"retained:{id}", $"{members.Count} lines",
            Ground.Of(policy.RuleOf(Clause.Payment), why));
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    private async Task<Refusal?> ApproveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, LockedRetainedList list, IReadOnlyList<ClaimLineId> members, Policy policy, Actor actor, DateTimeOffset now)
    {
        var lines = await RetainedStore.FindAsync(connection, transaction, county.Region, members);
        // A line that was rejected or clawed back meanwhile is no longer among them.
        if (lines.Count != members.Count) return Refusal.Under(policy, RefusalCode.RetainedWrongStep, new Words("有的行已撤销或追回", "some lines were undone or taken back"));
        foreach (var line in lines)
            if (line.Money.Decide(RetainedStep.Approve, CountyTime.DayOf(now), policy) is Outcome<RetainedState>.Refused(var refusal)) return refusal;
        await RetainedStore.ApproveAsync(connection, transaction, list, lines.Count, actor, now);
        var to = list.IsRelease ? LedgerAccountKind.Payable : LedgerAccountKind.Unreserved;
        var shortage = await LedgerBook.PostAsync(
            connection, transaction, list.IsRelease ? LedgerTransactionKind.ReleaseRetained : LedgerTransactionKind.Reverse, $"retained:{list.Id}",
            policy.RuleOf(Clause.Payment), [.. lines.Select(line => new LedgerMove(line.BudgetLine, LedgerAccountKind.Retained, to, line.Retained, line.Voucher))],
            actor.Account, now);
        if (shortage is not null) throw new InvalidOperationException($"Retained list {list.Id}: less is retained than its lines say.");
        return null;
    }
}
