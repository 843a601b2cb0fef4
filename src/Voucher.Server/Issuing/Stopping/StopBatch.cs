using Voucher.Server.Issuing.Revoking;
using Voucher.Server.Policies;
using Voucher.Server.Settling;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Issuing.Stopping;

/// <summary>
/// A second person ends a batch while it is written. In one transaction the batch is over, the money of what was never
/// written is free again, and the revoking of what was written is under way: nobody is left with half a batch.
/// </summary>
public sealed class StopBatch(NpgsqlDataSource database, PolicyStore policies, RevocationWorker worker, County county, TimeProvider clock)
{
    public async Task<Outcome<Batch>> RunAsync(BatchId id, Actor by)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await BatchStore.LockAsync(connection, transaction, county.Region, id) is not { } batch) return Refusal.Of(RefusalCode.NotFound);
        var policy = await policies.GetAsync(batch.PolicyId);
        if (!batch.IsPaused || !batch.IsStopAsked) return Refusal.Under(policy, RefusalCode.StopNotAsked);
        if (Duties.Refuse(policy, by.Staff, [(Duties.StopRequest, batch.PausedByStaff)]) is { } same) return same;

        var now = clock.GetUtcNow();
        await StoppingStore.StopAsync(connection, transaction, id, by, now);
        await ReleaseAsync(connection, transaction, batch, policy, by, now);
        if (batch.Written > 0) await RevokeWrittenAsync(connection, transaction, batch, by, now);
        await AuditTrail.AppendAsync(connection, transaction, now, by.Account, "batch.stop", $"batch:{id}", $"written:{batch.Written}",
            Ground.Of(policy.RuleOf(Clause.Responsibility)));
        await transaction.CommitAsync();
        worker.Wake();
        return (await BatchStore.FindAsync(connection, county.Region, id))!;
    }

    private static Task ReleaseAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Batch batch, Policy policy, Actor by, DateTimeOffset now)
    {
        var unwritten = batch.FaceValueFen * (batch.People - batch.Written);
        LedgerMove[] moves = [new(batch.BudgetLineId, LedgerAccountKind.Reserved, LedgerAccountKind.Unreserved, unwritten)];
        return Reservation.PostAsync(connection, transaction, $"batch-stop:{batch.Id}", moves, policy, by.Account, now);
    }

    /// <summary>Who asked for the stop has proposed it and who stops the batch approves it: the same two persons.</summary>
    private async Task RevokeWrittenAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Batch batch, Actor by, DateTimeOffset now)
    {
        var asked = await StoppingStore.AskedByAsync(connection, transaction, batch.Id);
        var (revocation, _) = await RevocationStore.InsertAsync(
            connection, transaction, county.Region, RevocationScope.Of(batch.Id), includesEnrolled: false, batch.PauseReason!,
            asked.Account, asked.Staff, asked.At);
        await RevocationStore.DecideAsync(connection, transaction, revocation, RevocationStatus.UnderWay, null, by, now);
    }
}
