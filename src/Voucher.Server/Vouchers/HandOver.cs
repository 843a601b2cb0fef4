using Voucher.Server.Policies;
using Voucher.Server.Reporting;
using Voucher.Server.Vouchers.Delivery;

namespace Voucher.Server.Vouchers;

/// <summary>Which of a batch were handed over: of one township or village, but for those who did not sign.</summary>
/// <param name="Township">Nine-digit code; <c>null</c> for all.</param>
/// <param name="Village">Twelve-digit code; <c>null</c> for all.</param>
public sealed record HandedOver(int? Township = null, long? Village = null)
{
    /// <summary>Vouchers that stay: whoever did not come has not signed.</summary>
    public IReadOnlyCollection<VoucherId> Except { get; init; } = [];

    public DeliveryItems Items { get; init; }

    /// <summary>The holders signed on the printed list.</summary>
    public bool IsSigned { get; init; }
}

/// <summary>发券到人: records that holders have their vouchers, one by one or by the batch, township and village.</summary>
public sealed class HandOver(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock, LiveFeed live)
{
    /// <param name="by">The clerk; <c>null</c> when the holder confirmed on their own phone.</param>
    /// <param name="items">What of the policy package went with it; the pack may require that something did.</param>
    public async Task<Outcome<VoucherId>> RunAsync(VoucherId id, Actor? by, DeliveryItems items = DeliveryItems.None, bool isSigned = false)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (step, unable) = await VoucherStep.TakeAsync(connection, transaction, id, county, policies, clock);
        if (step is null) return unable!;
        if (await step.DecideAndApplyAsync(new VoucherCommand.HandOver(), by?.Account) is { } refusal) return refusal;
        if (by is not null && RefuseUnrecorded(step.Policy, items) is { } unrecorded) return unrecorded;
        await RecordAsync(connection, transaction, [id], items, isSigned, by, step.Now);
        await AuditTrail.AppendAsync(connection, transaction, step.Now, by?.Account, "voucher.hand-over", $"voucher:{id.Value}", "",
            Ground.Of(step.Policy.RuleOf(Clause.Voucher)));
        await transaction.CommitAsync();
        await live.PublishAsync(step.Happened(new Words("领取", "Handed over")));
        return id;
    }

    /// <summary>
    /// Hands over all vouchers of a batch, or of one township or village in it, that still can be; returns how many. Those
    /// expired or void are left as they are.
    /// </summary>
    public async Task<Outcome<int>> RunAsync(BatchId batch, HandedOver what, Actor by)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var now = clock.GetUtcNow();
        if (await policies.InForceOnAsync(CountyTime.DayOf(now)) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        if (RefuseUnrecorded(policy, what.Items) is { } unrecorded) return unrecorded;
        var waiting = await VoucherChangeStore.ToHandOverAsync(connection, transaction, county.Region, batch, what);
        var steps = waiting
            .Select(voucher => VoucherMachine.Decide(voucher, new VoucherCommand.HandOver(), now, policy))
            .OfType<Decision.Accepted>()
            .ToList();
        await VoucherChangeStore.HandOverAsync(connection, transaction, steps, by.Account);
        await RecordAsync(connection, transaction, [.. steps.Select(step => step.Next.Id)], what.Items, what.IsSigned, by, now);
        var count = steps.Count;
        await AuditTrail.AppendAsync(connection, transaction, now, by.Account, "batch.hand-over", $"batch:{batch}", $"{Where(what)} count:{count}".Trim(),
            Ground.Of(policy.RuleOf(Clause.Voucher)));
        await transaction.CommitAsync();
        return count;
    }

    private static string Where(HandedOver what) => what switch
    {
        { Village: { } village } => $"village:{village}",
        { Township: { } township } => $"township:{township}",
        _ => "",
    };

    private static Refusal? RefuseUnrecorded(Policy policy, DeliveryItems items) =>
        policy.Parameters.DeliveryRecordRequired && (items & DeliveryItems.All) == DeliveryItems.None
            ? Refusal.Under(policy, RefusalCode.DeliveryRecordMissing)
            : null;

    private async Task RecordAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<VoucherId> vouchers, DeliveryItems items, bool isSigned, Actor? by, DateTimeOffset now)
    {
        if (by is null || vouchers.Count == 0 || (items & DeliveryItems.All) == DeliveryItems.None) return;
        await DeliveryStore.AddAsync(connection, transaction, county.Region, vouchers, items & DeliveryItems.All, isSigned, by.Account, now);
    }
}
