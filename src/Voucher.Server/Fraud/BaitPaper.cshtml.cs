using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Issuing.Printing;

namespace Voucher.Server.Fraud;

/// <summary>The paper of a bait voucher: the very page that real ones are printed with.</summary>
[Authorize(Policy = Permission.IssueBait)]
[ResponseCache(NoStore = true)]
public sealed class BaitPaperModel(NpgsqlDataSource database, County county, TimeProvider clock) : OnePaperPage(database, county, clock)
{
    public override string Back => "/fraud/baits";

    protected override string AuditAction => "fraud.bait-print";

    protected override string Needs => Permission.IssueBait;

    protected override Task<BatchId?> BatchOfAsync(NpgsqlConnection connection, RegionCode region, VoucherId voucher) =>
        BaitStore.BatchOfAsync(connection, region, voucher);
}
