using Voucher.Server.Policies;
using Voucher.Server.Settling;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Issuing.Revoking;

/// <summary>
/// Revokes what an approved revocation names, a chunk a transaction: states, events, places in classes and money together. A
/// crash loses at most one chunk and doubles none; several servers may look for work at once.
/// </summary>
public sealed class RevocationWriter(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    /// <summary>Vouchers a transaction.</summary>
    public const int ChunkSize = 1_000;

    /// <summary>How long one that failed lets the others go first.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(5);

    /// <summary>Does one chunk; false when nothing is left that nobody else is at. One that fails is put off, so that no other waits for it.</summary>
    public async Task<bool> RunChunkAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var now = clock.GetUtcNow();
        if (await RevokingStore.TakeAsync(connection, transaction, county.Region, now) is not { } work) return false;
        try
        {
            await DoAsync(connection, transaction, work, now);
            await transaction.CommitAsync(cancel);
            return true;
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            await transaction.DisposeAsync();
            await using var anew = await database.OpenConnectionAsync(cancel);
            await RevokingStore.PutOffAsync(anew, work.Id, now + RetryAfter);
            throw;
        }
    }

    private async Task DoAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, RevocationInWork work, DateTimeOffset now)
    {
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        var vouchers = await RevokingStore.NextAsync(connection, transaction, county.Region, work, ChunkSize);
        if (vouchers.Count > 0) await RevokeAsync(connection, transaction, work, vouchers, policy, now);
        else await RevokingStore.FinishAsync(connection, transaction, work.Id, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, work.DecidedBy, vouchers.Count > 0 ? "revocation.chunk" : "revocation.done", $"revocation:{work.Id}", $"count:{vouchers.Count}",
            Ground.Of(policy.RuleOf(Clause.Voucher)));
    }

    private static async Task RevokeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RevocationInWork work, IReadOnlyList<StoredVoucher> vouchers, Policy policy, DateTimeOffset now)
    {
        var command = new VoucherCommand.Revoke(work.Reason);
        var steps = vouchers.Select(stored => VoucherMachine.Decide(stored.Voucher, command, now, policy)).OfType<Decision.Accepted>().ToList();
        var taken = steps.Select(step => step.Next.Id).ToHashSet();
        if (steps.Count > 0) await RevokingStore.WriteAsync(connection, transaction, steps, work.DecidedBy, now);
        var moves = vouchers
            .Where(stored => stored.IsReserved && taken.Contains(stored.Voucher.Id))
            .Select(stored => new LedgerMove(
                stored.BudgetLine, LedgerAccountKind.Reserved, LedgerAccountKind.Unreserved, stored.FaceValue, stored.Voucher.Id))
            .ToList();
        if (moves.Count > 0)
            await Reservation.PostAsync(connection, transaction, $"revocation:{work.Id}:{vouchers[0].Voucher.Id.Value}", moves, policy, work.DecidedBy, now);
        await RevokingStore.AdvanceAsync(connection, transaction, work.Id, steps.Count, vouchers[^1].Voucher.Id);
    }
}
