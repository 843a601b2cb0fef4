using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Issuing;
using Voucher.Server.Portal;
using Voucher.Server.Register;
using Voucher.Server.Reporting;

namespace Voucher.Server.Fraud;

/// <summary>Bait vouchers: make one, print it, see whether it was shown.</summary>
[Authorize(Policy = Permission.IssueBait)]
public sealed class BaitsModel(NpgsqlDataSource database, County county, IssueBait issue, FunnelStore funnels, PersonStore people) : PortalPage
{
    [BindProperty]
    public long? LikeBatch { get; set; }

    [BindProperty]
    public string? HolderName { get; set; }

    [BindProperty]
    public int? Township { get; set; }

    public IReadOnlyList<Bait> Baits { get; private set; } = [];
    public IReadOnlyList<FunnelStore.BatchName> Batches { get; private set; } = [];
    public IReadOnlyList<Township> Townships { get; private set; } = [];

    public string? FaultOf(string field) => ModelState.TryGetValue(field, out var entry) && entry.Errors.Count > 0 ? entry.Errors[0].ErrorMessage : null;

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!Accept(await issue.RunAsync(new BaitForm(LikeBatch, HolderName, Township), Actor), out var voucher))
        {
            await LoadAsync();
            return Page();
        }
        Done = new Words($"诱饵券 {voucher} 已制作，可以打印。", $"Bait voucher {voucher} is made and can be printed.").In(Speech.Language);
        return RedirectToPage();
    }

    private async Task LoadAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        Baits = await BaitStore.ListAsync(connection, county.Region, FraudEndpoints.MostBaits);
        Batches = await funnels.BatchesAsync();
        Townships = await people.TownshipsAsync();
    }
}
