using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Issuing.Printing;

/// <summary>The paper of one voucher, such as a reprint at the counter.</summary>
[Authorize(Policy = Permission.PrintVouchers)]
[ResponseCache(NoStore = true)]
public sealed class PrintOneModel(NpgsqlDataSource database, County county, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public string? Number { get; set; }

    public Paper Paper { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        if (!VoucherId.TryParse(Number, out var id)) return NotFound();
        await using var connection = await database.OpenConnectionAsync();
        if (await VoucherRecordStore.FindAsync(connection, county.Region, id) is not { } voucher) return NotFound();
        var batch = (await BatchStore.FindAsync(connection, county.Region, voucher.BatchId))!;
        var now = clock.GetUtcNow();
        Paper = await PaperStore.ReadAsync(connection, county, batch, null, [id], CountyTime.DayOf(now));
        if (Paper.Vouchers.Count == 0) return NotFound();
        await using var transaction = await connection.BeginTransactionAsync();
        await AuditTrail.AppendAsync(connection, transaction, now, Actor.Account, "voucher.print", $"voucher:{id.Value}");
        await transaction.CommitAsync();
        return Page();
    }
}
