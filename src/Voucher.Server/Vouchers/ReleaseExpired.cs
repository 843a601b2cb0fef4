using Voucher.Server.Policies;
using Voucher.Server.Settling;

namespace Voucher.Server.Vouchers;

/// <summary>Gives back the money of vouchers that expired unused. Expiry itself is derived from time and needs no event.</summary>
public sealed class ReleaseExpired(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    /// <summary>Vouchers a transaction.</summary>
    public const int ChunkSize = 5_000;

    /// <summary>Returns how many vouchers gave their money back; run as often as you like, each does so once.</summary>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var total = 0;
        while (await ReleaseChunkAsync(cancel) is var count and > 0) total += count;
        return total;
    }

    private async Task<int> ReleaseChunkAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        var released = await VoucherChangeStore.ReleaseExpiredAsync(connection, transaction, county.Region, today, ChunkSize);
        if (released.Count == 0) return 0;
        var policy = await policies.InForceOrLastAsync(today);
        var moves = released
            .Select(voucher => new LedgerMove(
                voucher.BudgetLine, LedgerAccountKind.Reserved, LedgerAccountKind.Unreserved, voucher.FaceValue, voucher.Id))
            .ToList();
        // A chunk is named by its first voucher, which is released only once.
        var first = released.Min(voucher => voucher.Id);
        await Reservation.PostAsync(connection, transaction, $"expire:{first.Value}", moves, policy, null, now);
        await AuditTrail.AppendAsync(connection, transaction, now, null, "voucher.expire", $"voucher:{first.Value}", $"count:{released.Count}",
            Ground.Of(policy.RuleOf(Clause.Voucher)));
        await transaction.CommitAsync(cancel);
        return released.Count;
    }
}
