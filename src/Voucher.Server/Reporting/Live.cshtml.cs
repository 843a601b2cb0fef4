using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Reporting;

/// <summary>The live page: the funnel and the latest scans. Complete without JavaScript; with it, it moves.</summary>
[Authorize(Policy = Permission.WatchLive)]
public sealed class LiveModel(FunnelStore funnels, LatestScanStore scans) : PortalPage
{
    /// <summary>The batch that the funnel is narrowed to; the county only.</summary>
    [BindProperty(SupportsGet = true)]
    public long? Batch { get; set; }

    public Funnel Funnel { get; private set; } = null!;
    public IReadOnlyList<LiveEvent> Scans { get; private set; } = [];
    public IReadOnlyList<FunnelStore.BatchName> Batches { get; private set; } = [];

    public async Task OnGetAsync()
    {
        Funnel = await ReadFunnelAsync();
        Scans = await scans.ReadAsync(Actor.Institution);
        if (Actor.IsCounty) Batches = await funnels.BatchesAsync();
    }

    /// <summary>Only the funnel, which the page's script puts in place of the old one.</summary>
    public async Task<IActionResult> OnGetFunnelAsync() => Partial("/Reporting/_Funnel.cshtml", await ReadFunnelAsync());

    private Task<Funnel> ReadFunnelAsync() => Actor.Institution is { } institution
        ? funnels.OfInstitutionAsync(institution)
        : funnels.OfCountyAsync(Batch is { } id ? new BatchId(id) : null);
}
