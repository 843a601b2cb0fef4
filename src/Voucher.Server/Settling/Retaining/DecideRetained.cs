using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Retaining;

/// <summary>
/// 批准留存名单: by another person than who drafted it, and than who submitted, reviewed, approved or paid a line of it; what was released is
/// owed, what was forfeited is back on its budget line.
/// </summary>
public sealed class DecideRetained(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    /// <param name="isApproved"><c>null</c>: neither; bad input.</param>
    /// <param name="reason">Needed where it is refused.</param>
    public Task<Outcome<Nothing>> RunAsync(Actor actor, long id, bool? isApproved, string? reason) =>
        Database.Deadlock.RunAsync(() => OnceAsync(actor, id, isApproved, reason));

    private async Task<Outcome<Nothing>> OnceAsync(Actor actor, long id, bool? isApproved, string? reason)
    {
        if (!actor.IsCounty) return Refusal.Of(RefusalCode.NotAllowed);
        var read = new FieldReader();
        var why = read.Text("reason", reason, Reasons.Longest, isOptional: isApproved == true);
        if (Register.Unmasking.HoldsNumber(why)) read.Fault("reason", Register.Unmasking.NumberInReason);
        if (isApproved is null) read.Fault("verdict", new("请选择 approve（批准）或 refuse（退回）", "Choose approve or refuse"));
        if (read.Errors.Count > 0) return read.Errors;
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        var policy = await policies.InForceOrLastAsync(today);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.ApproveClaim, policy) is { } gone) return gone;
        var members = await RetainedStore.LinesOfAsync(connection, transaction, id);
        await ClaimStore.LockAsync(connection, transaction, [.. members.Select(line => line.Claim).Distinct()]);
        if (await RetainedStore.LockAsync(connection, transaction, county.Region, id) is not { } list) return Refusal.Of(RefusalCode.NotFound);
        if (list.Approved is { } decided) return Refusal.Under(policy, RefusalCode.RetainedWrongStep, RetainedListWords.Name(decided));
        var decidedOf = await SettlementDuties.OfSettlementsAsync(connection, transaction, [.. members.Select(line => line.Line.Value)], []);
        if (Duties.Refuse(policy, actor.Staff, [(SettlementDuties.RetainedDraft, list.DraftedBy), .. decidedOf]) is { } same) return same;
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
        var blocks = await PaymentBlocks.ReadAsync(connection, transaction, CountyTime.DayOf(now), policy);
        var lines = await RetainedStore.FindAsync(connection, transaction, county.Region, blocks, members);
        // A line that was rejected or clawed back meanwhile is no longer among them.
        if (lines.Count != members.Count) return Refusal.Under(policy, RefusalCode.RetainedWrongStep, new Words("有的行已撤销或追回", "some lines were undone or taken back"));
        // What is booked is what two persons have read on the list, to the fen.
        if (await RetainedStore.ChangedAsync(connection, transaction, list.Id) is { } changed)
            return Refusal.Under(policy, RefusalCode.RetainedWrongStep, new Words($"券 {changed} 的留存已变动，请退回后重新拟定", $"what is kept back of voucher {changed} has changed: refuse the list and draft it anew"));
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
