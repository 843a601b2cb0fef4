using Voucher.Core.Issuing;
using Voucher.Server.Issuing.Judging;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Policies;
using Voucher.Server.Settling;
using Voucher.Server.Settling.Budget;

namespace Voucher.Server.Issuing;

/// <summary>
/// Another person approves a drafted batch: money is reserved, a run of numbers taken, and the signing set going. All or
/// nothing; the vouchers themselves are written in the background.
/// </summary>
public sealed class ApproveBatch(
    NpgsqlDataSource database, PolicyStore policies, IssuingKeys keys, IssuingWorker worker, County county, TimeProvider clock)
{
    public async Task<Outcome<Batch>> RunAsync(BatchId id, Actor by)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await BatchStore.LockAsync(connection, transaction, county.Region, id) is not { } batch) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.GetAsync(batch.PolicyId);
        if (await RefuseAsync(batch, by, policy) is { } refusal) return refusal;
        if (await RefuseIneligibleAsync(connection, transaction, batch, policy) is { } changed) return changed;
        if (await PurposeStore.RefuseAsync(connection, transaction, policy, batch.BudgetLineId, batch.Scope, id) is { } outside) return outside;

        var now = clock.GetUtcNow();
        LedgerMove[] moves = [new(batch.BudgetLineId, LedgerAccountKind.Unreserved, LedgerAccountKind.Reserved, batch.Total)];
        var shortage = await LedgerBook.PostAsync(
            connection, transaction, LedgerTransactionKind.Reserve, $"batch:{id}", policy.RuleOf(Clause.Funds), moves, by.Account, now);
        if (shortage is not null) return shortage;
        var firstSerial = await BatchStore.TakeSerialsAsync(connection, transaction, county.Region, batch.People);
        await BatchStore.ApproveAsync(connection, transaction, id, firstSerial, by, now);
        await AuditTrail.AppendAsync(connection, transaction, now, by.Account, "batch.approve", $"batch:{id}");
        await transaction.CommitAsync();
        worker.Wake();
        return (await BatchStore.FindAsync(connection, county.Region, id))!;
    }

    private async Task<Refusal?> RefuseAsync(Batch batch, Actor by, Policy policy)
    {
        if (batch.Status != BatchStatus.Drafted) return Refusal.Under(policy, RefusalCode.BatchWrongStep, batch.Status.Name());
        if (Duties.Refuse(policy, by.Staff, [(Duties.BatchDraft, batch.DraftedByStaff)]) is { } same) return same;
        if (batch.ValidUntil < CountyTime.DayOf(clock.GetUtcNow()))
            return Refusal.Under(policy, RefusalCode.BatchExpired, CountyTime.Show(batch.ValidUntil));
        return await keys.SigningKeyAsync(batch.ValidUntil) is null ? Refusal.Of(RefusalCode.NoSigningKey) : null;
    }

    /// <summary>Between drafting and approval somebody may have died, been matched or got a voucher: nobody slips through on a frozen list.</summary>
    private async Task<Refusal?> RefuseIneligibleAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Batch batch, Policy policy)
    {
        var question = JudgementQuestion.Of(county.Region, batch, policy, CountyTime.DayOf(clock.GetUtcNow()));
        var (_, reasons) = await JudgementStore.CountAsync(connection, question, transaction);
        if (reasons.Count == 0) return null;
        string Told(Func<Words, string> language) => string.Join("、", reasons.Select(count => $"{language(count.Reason.Name(policy.Parameters))} {count.People}"));
        return Refusal.Under(policy, RefusalCode.NoLongerEligible, reasons.Sum(count => count.First), new Words(Told(words => words.Zh), Told(words => words.En)));
    }
}
