using Voucher.Server.Portal;

namespace Voucher.Server.Issuing;

/// <summary>Gives out the digits of a batch's vouchers. They are as good as the vouchers, so each look is on the audit trail.</summary>
public sealed class ListDigits(NpgsqlDataSource database, County county, TimeProvider clock)
{
    public async Task<Outcome<BatchVouchersAnswer>> RunAsync(BatchId id, int page, Actor by)
    {
        await using var connection = await database.OpenConnectionAsync();
        if (await BatchStore.FindAsync(connection, county.Region, id) is null) return Refusal.Of(RefusalCode.NotFound);
        var vouchers = await BatchVoucherStore.ListAsync(connection, id, null, (page - 1) * PortalPage.PageSize, PortalPage.PageSize);
        var total = await BatchVoucherStore.CountAsync(connection, id, null);
        await using var transaction = await connection.BeginTransactionAsync();
        await AuditTrail.AppendAsync(connection, transaction, clock.GetUtcNow(), by.Account, "batch.digits", $"batch:{id}", $"page {page}",
            Ground.Under(Permission.PrintVouchers));
        await transaction.CommitAsync();
        return new BatchVouchersAnswer([.. vouchers.Select(Answer)], page, total);
    }

    private static BatchVoucherAnswer Answer(ListedVoucher voucher) => new(
        voucher.Id.ToString(), voucher.Digits, voucher.ShortCode.ToString(), voucher.State.ToString(), PersonName.Masked(voucher.Holder), voucher.Township);
}
