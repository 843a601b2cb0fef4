using Voucher.Server.Api;
using Voucher.Server.Issuing.Judging;
using Voucher.Server.Policies;

namespace Voucher.Server.Issuing.LeavingOut;

/// <summary>
/// Some of a paused batch may no longer have a voucher: a clerk asks that they be left out and the others go on; another
/// person decides (<see cref="DecideLeaveOut"/>). Asking again, about the list as it is now, takes the place of what was asked before.
/// </summary>
public sealed class AskLeaveOut(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    /// <param name="mark">Of the list that the clerk has read.</param>
    public async Task<Outcome<Batch>> RunAsync(BatchId id, string? mark, string? reason, Actor by)
    {
        if (Reasons.Fault(reason) is { } fault) return fault;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await BatchStore.LockAsync(connection, transaction, county.Region, id) is not { } batch) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.GetAsync(batch.PolicyId);
        if (!batch.IsPaused) return Refusal.Under(policy, RefusalCode.BatchWrongStep, batch.Status.Name());
        if (batch.IsStopAsked) return Refusal.Under(policy, RefusalCode.BatchWrongStep, new Words("已申请中止", "awaiting its stop"));
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Under(policy, RefusalCode.ReasonMissing);
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        if (batch.ValidUntil < today) return Refusal.Under(policy, RefusalCode.BatchExpired, CountyTime.Show(batch.ValidUntil));
        var list = await FrozenPeople.ReadAsync(connection, transaction, county.Region, batch, policy, today);
        if (LeaveOut.Refuse(list, batch, policy, mark) is { } refusal) return refusal;
        await LeaveOutStore.OvertakeAsync(connection, transaction, id, by, now);
        await LeaveOutStore.AskAsync(connection, transaction, id, list, reason.Trim(), by, now);
        await AuditTrail.AppendAsync(connection, transaction, now, by.Account, "batch.ask-leave-out", $"batch:{id}", $"people:{list.People.Count}",
            Ground.Under(Permission.DraftBatch));
        await transaction.CommitAsync();
        return (await BatchStore.FindAsync(connection, county.Region, id))!;
    }
}
