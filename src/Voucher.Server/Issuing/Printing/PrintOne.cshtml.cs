using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Issuing.Printing;

/// <summary>The paper of one voucher, such as a reprint at the counter.</summary>
[Authorize(Policy = Permission.PrintVouchers)]
[ResponseCache(NoStore = true)]
public sealed class PrintOneModel(NpgsqlDataSource database, County county, TimeProvider clock) : OnePaperPage(database, county, clock)
{
    public override string Back => $"/issuing/vouchers/{Number}";

    protected override string AuditAction => "voucher.print";

    protected override string Needs => Permission.PrintVouchers;

    protected override async Task<BatchId?> BatchOfAsync(NpgsqlConnection connection, RegionCode region, VoucherId voucher) =>
        (await VoucherRecordStore.FindAsync(connection, region, voucher))?.BatchId;
}
