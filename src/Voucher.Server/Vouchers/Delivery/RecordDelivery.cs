using Voucher.Server.Policies;

namespace Voucher.Server.Vouchers.Delivery;

/// <summary>Records the policy package of a voucher that its holder has already, such as one opened on a phone.</summary>
public sealed class RecordDelivery(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    public async Task<Outcome<VoucherId>> RunAsync(VoucherId id, DeliveryItems items, bool isSigned, Actor by)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (step, unable) = await VoucherStep.TakeAsync(connection, transaction, id, county, policies, clock, needsRule: false);
        if (step is null) return unable!;
        if ((items & DeliveryItems.All) == DeliveryItems.None) return Refusal.Under(step.Policy, RefusalCode.DeliveryRecordMissing);
        if (await DeliveryStore.AddAsync(connection, transaction, county.Region, [id], items & DeliveryItems.All, isSigned, by.Account, step.Now) == 1)
            await AuditTrail.AppendAsync(connection, transaction, step.Now, by.Account, "voucher.delivery", $"voucher:{id.Value}", $"items:{(short)items}",
                Ground.Under(Permission.HandleVouchers));
        await transaction.CommitAsync();
        return id;
    }
}
