using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Policies;
using Voucher.Server.Portal;

namespace Voucher.Server.Issuing.Cards;

/// <summary>就业政策明白卡 of a batch: the pack's rules in plain words, to print and hand over with the vouchers.</summary>
[Authorize(Policy = Permission.ReadBatches)]
public sealed class PolicyCardModel(NpgsqlDataSource database, PolicyStore policies, County county) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public Batch Batch { get; private set; } = null!;

    public Policy Policy { get; private set; } = null!;

    public County County => county;

    public async Task<IActionResult> OnGetAsync()
    {
        if (!ModelState.IsValid) return NotFound();
        await using var connection = await database.OpenConnectionAsync();
        if (await BatchStore.FindAsync(connection, county.Region, new BatchId(Id)) is not { } batch) return NotFound();
        Batch = batch;
        Policy = await policies.GetAsync(batch.PolicyId);
        return Page();
    }
}
