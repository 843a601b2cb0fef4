using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Recovering;

/// <summary>All recoveries: of the county, or what an institution owes.</summary>
[Authorize(Policy = Permission.ReadRecoveries)]
public sealed class RecoveriesModel(RecoveryReading recoveries, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    [BindProperty(SupportsGet = true)]
    public RecoveryState? State { get; set; }

    public IReadOnlyList<RecoverySummary> Recoveries { get; private set; } = [];
    public bool HasMore { get; private set; }
    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public async Task OnGetAsync()
    {
        Number = ListPage.Clamp(Number);
        if (State is { } state && !Enum.IsDefined(state)) State = null;
        var page = await recoveries.ListAsync(Actor, State, (Number - 1) * PageSize, PageSize + 1);
        (Recoveries, HasMore) = ([.. page.Take(PageSize)], page.Count > PageSize);
    }
}
