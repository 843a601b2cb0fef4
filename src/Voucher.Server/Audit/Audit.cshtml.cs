using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Audit.Verifying;
using Voucher.Server.Portal;

namespace Voucher.Server.Audit;

/// <summary>The audit trail: entries, whether the chain is whole, and each day's root to be kept elsewhere.</summary>
[Authorize(Policy = Permission.ReadAudit)]
public sealed class AuditModel(AuditStore trail, TimeProvider clock) : PortalPage
{
    /// <summary>Days whose roots are shown; the file holds all.</summary>
    private const int DaysShown = 7;

    [BindProperty(SupportsGet = true)]
    public long? Before { get; set; }

    /// <summary>Named so because <c>action</c> means something else to the framework's routing.</summary>
    [BindProperty(SupportsGet = true)]
    public string? What { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? From { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? Until { get; set; }

    public IReadOnlyList<AuditStore.Line> Lines { get; private set; } = [];
    public IReadOnlyList<string> Actions { get; private set; } = [];
    public IReadOnlyList<ChainRoot> Roots { get; private set; } = [];
    public AuditStore.Check Chain { get; private set; } = null!;
    public bool HasMore { get; private set; }
    public bool IsFiltered => Before is not null || !string.IsNullOrEmpty(What) || From is not null || Until is not null;

    public async Task OnGetAsync()
    {
        if (string.IsNullOrEmpty(What) || !FieldReader.IsReadable(What)) What = null;
        var wish = new AuditStore.Wish(Before, What, From, Until);
        var lines = await trail.ReadAsync(wish, PageSize + 1);
        (Lines, HasMore) = ([.. lines.Take(PageSize)], lines.Count > PageSize);
        Actions = await trail.ActionsAsync();
        Roots = await trail.RootsAsync(DaysShown);
        Chain = await trail.CheckAsync();
    }

    /// <summary>All roots of all chains, to be kept elsewhere; that they were taken is on the trail.</summary>
    public async Task<IActionResult> OnGetRootsAsync(bool json = false)
    {
        var roots = await trail.TakeRootsAsync(Actor, AuditEndpoints.MostDays, clock.GetUtcNow());
        return json
            ? File(Encoding.UTF8.GetBytes(KeptRoots.ToJson(roots)), "application/json", "audit-roots.json")
            : File(Encoding.ASCII.GetBytes(KeptRoots.ToCsv(roots)), "text/csv", "audit-roots.csv");
    }
}
