using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Issuing;

[Authorize(Policy = Permission.ReadBatches)]
public sealed class BatchesModel(NpgsqlDataSource database, County county, TimeProvider clock) : PortalPage
{
    private IReadOnlyDictionary<BatchId, BatchFunnel> _funnels = new Dictionary<BatchId, BatchFunnel>();

    [BindProperty(SupportsGet = true, Name = "p")]
    public int PageNumber { get; set; } = 1;

    public IReadOnlyList<Batch> Batches { get; private set; } = [];

    public int Total { get; private set; }

    public BatchFunnel FunnelOf(Batch batch) => _funnels.GetValueOrDefault(batch.Id, BatchFunnel.Empty);

    public async Task OnGetAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        Total = await BatchStore.CountAsync(connection, county.Region);
        PageNumber = Math.Clamp(PageNumber, 1, Math.Max(1, (Total + PageSize - 1) / PageSize));
        Batches = await BatchStore.ListAsync(connection, county.Region, (PageNumber - 1) * PageSize, PageSize);
        _funnels = await BatchFunnelStore.ReadAsync(connection, Batches.Select(batch => batch.Id), CountyTime.DayOf(clock.GetUtcNow()));
    }
}
