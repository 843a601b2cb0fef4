using Voucher.Server.Api;
using Voucher.Server.Issuing.Judging;
using Voucher.Server.Issuing.Stopping;
using Voucher.Server.Policies;
using Voucher.Server.Settling;

namespace Voucher.Server.Issuing.LeavingOut;

/// <summary>A second person leaves out of a paused batch whom a clerk asked to leave out, and the writing goes on; or turns it down with a reason.</summary>
public sealed class DecideLeaveOut(NpgsqlDataSource database, PolicyStore policies, IssuingWorker worker, County county, TimeProvider clock)
{
    /// <param name="mark">Of the list that the decider has read; it is also the one that was asked for, and still the case.</param>
    public async Task<Outcome<Batch>> ApproveAsync(BatchId id, string? mark, Actor by)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await BatchStore.LockAsync(connection, transaction, county.Region, id) is not { } batch) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.GetAsync(batch.PolicyId);
        var request = await LeaveOutStore.OpenAsync(connection, id, transaction);
        if (Refuse(request, policy, by) is { } refusal) return refusal;
        var now = clock.GetUtcNow();
        if (mark != request!.Mark) return Refusal.Under(policy, RefusalCode.LeaveOutListChanged, request.People);
        await StoppingStore.ResumeAsync(connection, transaction, id);
        if (await LeaveOut.RunAsync(connection, transaction, county.Region, batch, policy, request, mark, by, now) is { } changed) return changed;
        // Whoever is left is judged like those of every batch that goes on.
        batch = (await BatchStore.FindAsync(connection, county.Region, id, transaction))!;
        if (await FrozenPeople.RefuseAsync(connection, transaction, county.Region, batch, policy, CountyTime.DayOf(now)) is { } against) return against;
        // Where nobody is left to write, leaving them out has issued the batch, and its entry in the trail says so: nothing goes on.
        var goesOn = batch.Status == BatchStatus.Approved;
        if (goesOn) await AuditTrail.AppendAsync(connection, transaction, now, by.Account, "batch.resume", $"batch:{id}", "", Ground.Under(Permission.ApproveBatch));
        await transaction.CommitAsync();
        if (goesOn) worker.Wake();
        return batch;
    }

    public async Task<Outcome<Batch>> RefuseAsync(BatchId id, string? reason, Actor by)
    {
        if (Reasons.Fault(reason) is { } fault) return fault;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await BatchStore.LockAsync(connection, transaction, county.Region, id) is not { } batch) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.GetAsync(batch.PolicyId);
        var request = await LeaveOutStore.OpenAsync(connection, id, transaction);
        if (Refuse(request, policy, by) is { } refusal) return refusal;
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Under(policy, RefusalCode.ReasonMissing);
        var now = clock.GetUtcNow();
        await LeaveOutStore.RefuseAsync(connection, transaction, request!, reason.Trim(), by, now);
        await AuditTrail.AppendAsync(connection, transaction, now, by.Account, "batch.refuse-leave-out", $"batch:{id}", $"request:{request!.Id}", reason.Trim());
        await transaction.CommitAsync();
        return batch;
    }

    private static Refusal? Refuse(LeaveOutRequest? request, Policy policy, Actor by) =>
        request is null
            ? Refusal.Under(policy, RefusalCode.LeaveOutNotAsked)
            : Duties.Refuse(policy, by.Staff, [(Duties.LeaveOutRequest, request.AskedByStaff)]);
}
