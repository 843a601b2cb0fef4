using Voucher.Server.Policies;
using Voucher.Server.Reporting;

namespace Voucher.Server.Vouchers;

/// <summary>发券到人: records that holders have their vouchers, one by one or by the batch and township.</summary>
public sealed class HandOver(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock, LiveFeed live)
{
    /// <param name="by">The clerk; <c>null</c> when the holder confirmed on their own phone.</param>
    public async Task<Outcome<VoucherId>> RunAsync(VoucherId id, Actor? by)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var step = await VoucherStep.TakeAsync(connection, transaction, id, county, policies, clock);
        if (step is null) return Refusal.Of(RefusalCode.NotFound);
        if (await step.DecideAndApplyAsync(new VoucherCommand.HandOver(), by?.Account) is { } refusal) return refusal;
        await AuditTrail.AppendAsync(connection, transaction, step.Now, by?.Account, "voucher.hand-over", $"voucher:{id.Value}");
        await transaction.CommitAsync();
        await live.PublishAsync(step.Happened(new Words("领取", "Handed over")));
        return id;
    }

    /// <summary>
    /// Hands over all vouchers of a batch, or of one township in it, that still can be; returns how many. Those expired
    /// or void are left as they are.
    /// </summary>
    public async Task<Outcome<int>> RunAsync(BatchId batch, int? township, Actor by)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOnAsync(CountyTime.DayOf(now));
        var waiting = await VoucherChangeStore.ToHandOverAsync(connection, transaction, county.Region, batch, township);
        var steps = waiting
            .Select(voucher => VoucherMachine.Decide(voucher, new VoucherCommand.HandOver(), now, policy))
            .OfType<Decision.Accepted>()
            .ToList();
        await VoucherChangeStore.HandOverAsync(connection, transaction, steps, by.Account);
        var count = steps.Count;
        var where = township is null ? "" : $"township:{township}";
        await AuditTrail.AppendAsync(connection, transaction, now, by.Account, "batch.hand-over", $"batch:{batch}", $"{where} count:{count}".Trim());
        await transaction.CommitAsync();
        return count;
    }
}
