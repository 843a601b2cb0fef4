using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Policies;
using Voucher.Server.Portal;

namespace Voucher.Server.Issuing.Printing;

/// <summary>The paper on the screen, for the clerk's own printer; the PDF is made from the same partial page.</summary>
[Authorize(Policy = Permission.PrintVouchers)]
[ResponseCache(NoStore = true)]
public sealed class PrintModel(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public int? Township { get; set; }

    [BindProperty(SupportsGet = true, Name = "p")]
    public int PageNumber { get; set; } = 1;

    [BindProperty(SupportsGet = true)]
    public long? Village { get; set; }

    public Paper Paper { get; private set; } = null!;

    public int Total { get; private set; }

    public int Pages => Math.Max(1, (Total + PageSize - 1) / PageSize);

    public async Task<IActionResult> OnGetAsync()
    {
        if (!ModelState.IsValid) return NotFound();
        await using var connection = await database.OpenConnectionAsync();
        if (await BatchStore.FindAsync(connection, county.Region, new BatchId(Id)) is not { } batch) return NotFound();
        if (PrintBatch.Refuse(batch, await policies.GetAsync(batch.PolicyId)) is { } refusal)
        {
            Accept<Paper>(refusal);
            return Page();
        }
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        var usable = await BatchVoucherStore.UsableAsync(connection, batch.Id, Township, today, Village);
        Total = usable.Count;
        PageNumber = Math.Clamp(PageNumber, 1, Pages);
        var ids = usable.Skip((PageNumber - 1) * PageSize).Take(PageSize).Select(voucher => voucher.Id).ToList();
        Paper = await PaperStore.ReadAsync(connection, county, batch, null, ids, today);
        await using var transaction = await connection.BeginTransactionAsync();
        await AuditTrail.AppendAsync(connection, transaction, now, Actor.Account, "batch.print", $"batch:{Id}", $"page {PageNumber}",
            Ground.Under(Permission.PrintVouchers));
        await transaction.CommitAsync();
        return Page();
    }
}
