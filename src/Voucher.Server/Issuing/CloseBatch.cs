using Voucher.Server.Api;
using Voucher.Server.Policies;

namespace Voucher.Server.Issuing;

/// <summary>A drafted batch comes to nothing: its clerk takes it back, or the approver turns it down. Either says why.</summary>
public sealed class CloseBatch(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    public Task<Outcome<Batch>> RefuseAsync(BatchId id, string? reason, Actor by) => CloseAsync(id, BatchStatus.Refused, "batch.refuse", reason, by);

    public Task<Outcome<Batch>> CancelAsync(BatchId id, string? reason, Actor by) => CloseAsync(id, BatchStatus.Cancelled, "batch.cancel", reason, by);

    private async Task<Outcome<Batch>> CloseAsync(BatchId id, BatchStatus status, string action, string? reason, Actor by)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await BatchStore.LockAsync(connection, transaction, county.Region, id) is not { } batch) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.GetAsync(batch.PolicyId);
        if (batch.Status != BatchStatus.Drafted) return Refusal.Under(policy, RefusalCode.BatchWrongStep, batch.Status.Name());
        if (Reasons.Fault(reason) is { } fault) return fault;
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Under(policy, RefusalCode.ReasonMissing);
        var now = clock.GetUtcNow();
        await BatchStore.CloseAsync(connection, transaction, id, status, reason.Trim(), by.Account, now);
        await AuditTrail.AppendAsync(connection, transaction, now, by.Account, action, $"batch:{id}", "", reason.Trim());
        await transaction.CommitAsync();
        return (await BatchStore.FindAsync(connection, county.Region, id))!;
    }
}
