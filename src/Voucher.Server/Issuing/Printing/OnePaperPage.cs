using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Issuing.Printing;

/// <summary>A page that is the paper of one voucher, for the clerk's own printer; that it was opened stands in the audit trail.</summary>
public abstract class OnePaperPage(NpgsqlDataSource database, County county, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public string? Number { get; set; }

    public Paper Paper { get; private set; } = null!;

    /// <summary>Where the page was opened from.</summary>
    public abstract string Back { get; }

    protected abstract string AuditAction { get; }

    /// <summary>The permission that opens the page.</summary>
    protected abstract string Needs { get; }

    /// <summary><c>null</c> when the voucher is not for this page.</summary>
    protected abstract Task<BatchId?> BatchOfAsync(NpgsqlConnection connection, RegionCode region, VoucherId voucher);

    public async Task<IActionResult> OnGetAsync()
    {
        if (!VoucherId.TryParse(Number, out var id)) return NotFound();
        await using var connection = await database.OpenConnectionAsync();
        if (await BatchOfAsync(connection, county.Region, id) is not { } own) return NotFound();
        var batch = (await BatchStore.FindAsync(connection, county.Region, own))!;
        var now = clock.GetUtcNow();
        Paper = await PaperStore.ReadAsync(connection, county, batch, null, [id], CountyTime.DayOf(now));
        if (Paper.Vouchers.Count == 0) return NotFound();
        await using var transaction = await connection.BeginTransactionAsync();
        await AuditTrail.AppendAsync(connection, transaction, now, Actor.Account, AuditAction, $"voucher:{id.Value}", "", Ground.Under(Needs));
        await transaction.CommitAsync();
        return Page();
    }
}
