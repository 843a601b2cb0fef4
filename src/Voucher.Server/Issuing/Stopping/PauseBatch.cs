using Voucher.Server.Api;
using Voucher.Server.Issuing.Judging;
using Voucher.Server.Issuing.LeavingOut;
using Voucher.Server.Policies;

namespace Voucher.Server.Issuing.Stopping;

/// <summary>
/// Something is wrong with a batch that is being written: one person halts it at once, with a reason. Ending it for good is
/// asked here too, and decided by another person (<see cref="StopBatch"/>).
/// </summary>
public sealed class PauseBatch(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    public async Task<Outcome<Batch>> RunAsync(BatchId id, string? reason, bool asksToStop, Actor by)
    {
        if (Reasons.Fault(reason) is { } fault) return fault;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await BatchStore.LockAsync(connection, transaction, county.Region, id) is not { } batch) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.GetAsync(batch.PolicyId);
        if (batch.Status != BatchStatus.Approved) return Refusal.Under(policy, RefusalCode.BatchWrongStep, batch.Status.Name());
        if (batch.IsStopAsked) return Refusal.Under(policy, RefusalCode.BatchWrongStep, new Words("已申请中止", "awaiting its stop"));
        if (batch.IsPaused && !asksToStop) return Refusal.Under(policy, RefusalCode.BatchWrongStep, new Words("已暂停", "paused"));
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Under(policy, RefusalCode.ReasonMissing);
        var now = clock.GetUtcNow();
        if (asksToStop) await LeaveOutStore.OvertakeAsync(connection, transaction, id, by, now);
        await StoppingStore.PauseAsync(connection, transaction, id, reason.Trim(), asksToStop, by, now);
        await AuditTrail.AppendAsync(connection, transaction, now, by.Account, asksToStop ? "batch.ask-stop" : "batch.pause", $"batch:{id}", "", reason.Trim());
        await transaction.CommitAsync();
        return (await BatchStore.FindAsync(connection, county.Region, id))!;
    }
}

/// <summary>
/// The matter is cleared: writing goes on where it was halted. A stop that was asked for is off the table with it. Whoever is
/// still to get a voucher is judged again; where somebody is no longer eligible, it goes on once two persons have left them out.
/// </summary>
public sealed class ResumeBatch(NpgsqlDataSource database, PolicyStore policies, IssuingWorker worker, County county, TimeProvider clock)
{
    public async Task<Outcome<Batch>> RunAsync(BatchId id, Actor by)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await BatchStore.LockAsync(connection, transaction, county.Region, id) is not { } batch) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.GetAsync(batch.PolicyId);
        if (!batch.IsPaused) return Refusal.Under(policy, RefusalCode.BatchWrongStep, batch.Status.Name());
        var now = clock.GetUtcNow();
        if (await FrozenPeople.RefuseAsync(connection, transaction, county.Region, batch, policy, CountyTime.DayOf(now)) is { } changed) return changed;
        await LeaveOutStore.OvertakeAsync(connection, transaction, id, by, now);
        await StoppingStore.ResumeAsync(connection, transaction, id);
        await AuditTrail.AppendAsync(connection, transaction, now, by.Account, "batch.resume", $"batch:{id}", "", Ground.Under(Permission.DraftBatch));
        await transaction.CommitAsync();
        worker.Wake();
        return (await BatchStore.FindAsync(connection, county.Region, id))!;
    }
}
