using Voucher.Server.Issuing.Judging;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Issuing.LeavingOut;
using Voucher.Server.Policies;
using Voucher.Server.Settling;
using Voucher.Server.Ledger.Budget;

namespace Voucher.Server.Issuing;

/// <summary>
/// Another person approves a drafted batch: money is reserved, a run of numbers taken, and the signing set going. All or
/// nothing; the vouchers themselves are written in the background. Who has become ineligible since the drafting may be left out
/// with the approval, by the list that the approver has read.
/// </summary>
public sealed class ApproveBatch(
    NpgsqlDataSource database, PolicyStore policies, IssuingKeys keys, IssuingWorker worker, County county, TimeProvider clock)
{
    /// <param name="without">The mark of that list: <see cref="IneligibleList.Mark"/>; <c>null</c>: nobody is left out.</param>
    public async Task<Outcome<Batch>> RunAsync(BatchId id, Actor by, string? without = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await BatchStore.LockAsync(connection, transaction, county.Region, id) is not { } batch) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.GetAsync(batch.PolicyId);
        if (await RefuseAsync(batch, by, policy) is { } refusal) return refusal;
        var now = clock.GetUtcNow();
        if (await policies.InForceOnAsync(CountyTime.DayOf(now)) is null) return Refusal.Of(RefusalCode.NoRuleInForce);
        if (without is not null)
        {
            if (await LeaveOut.RunAsync(connection, transaction, county.Region, batch, policy, null, without, by, now) is { } another) return another;
            batch = (await BatchStore.FindAsync(connection, county.Region, id, transaction))!;
        }
        if (await FrozenPeople.RefuseAsync(connection, transaction, county.Region, batch, policy, CountyTime.DayOf(now)) is { } changed) return changed;
        if (await PurposeStore.RefuseAsync(connection, transaction, policy, batch.BudgetLineId, batch.Scope, id) is { } outside) return outside;

        LedgerMove[] moves = [new(batch.BudgetLineId, LedgerAccountKind.Unreserved, LedgerAccountKind.Reserved, batch.Total)];
        var shortage = await LedgerBook.PostAsync(
            connection, transaction, LedgerTransactionKind.Reserve, $"batch:{id}", policy.RuleOf(Clause.Funds), moves, by.Account, now);
        if (shortage is not null) return shortage;
        var firstSerial = await BatchStore.TakeSerialsAsync(connection, transaction, county.Region, batch.People);
        await BatchStore.ApproveAsync(connection, transaction, id, firstSerial, by, now);
        await AuditTrail.AppendAsync(connection, transaction, now, by.Account, "batch.approve", $"batch:{id}", "", Ground.Of(policy.RuleOf(Clause.Funds)));
        await transaction.CommitAsync();
        worker.Wake();
        return (await BatchStore.FindAsync(connection, county.Region, id))!;
    }

    private async Task<Refusal?> RefuseAsync(Batch batch, Actor by, Policy policy)
    {
        if (batch.Status != BatchStatus.Drafted) return Refusal.Under(policy, RefusalCode.BatchWrongStep, batch.Status.Name());
        if (Duties.Refuse(policy, by.Staff, [(Duties.BatchDraft, batch.DraftedByStaff)]) is { } same) return same;
        return await keys.SigningKeyAsync(batch.ValidUntil) is null ? Refusal.Of(RefusalCode.NoSigningKey) : null;
    }
}
