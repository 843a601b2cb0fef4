using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Printing;
using Voucher.Server.Portal;

namespace Voucher.Server.Fraud;

/// <summary>The paper of a bait voucher: the very page that real ones are printed with.</summary>
[Authorize(Policy = Permission.IssueBait)]
[ResponseCache(NoStore = true)]
public sealed class BaitPaperModel(NpgsqlDataSource database, County county, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public string? Number { get; set; }

    public Paper Paper { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        if (!VoucherId.TryParse(Number, out var id)) return NotFound();
        await using var connection = await database.OpenConnectionAsync();
        if (await BaitStore.BatchOfAsync(connection, county.Region, id) is not { } own) return NotFound();
        var batch = (await BatchStore.FindAsync(connection, county.Region, own))!;
        var now = clock.GetUtcNow();
        Paper = await PaperStore.ReadAsync(connection, county, batch, null, [id], CountyTime.DayOf(now));
        if (Paper.Vouchers.Count == 0) return NotFound();
        await using var transaction = await connection.BeginTransactionAsync();
        await AuditTrail.AppendAsync(connection, transaction, now, Actor.Account, "fraud.bait-print", $"voucher:{id.Value}");
        await transaction.CommitAsync();
        return Page();
    }
}
