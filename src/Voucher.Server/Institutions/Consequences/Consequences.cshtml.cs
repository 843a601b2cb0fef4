using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Institutions.Consequences;

/// <summary>All consequences; what waits or is overdue comes first.</summary>
[Authorize(Policy = Permission.ReadRecoveries)]
public sealed class ConsequencesModel(ConsequenceReading consequences, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    public IReadOnlyList<ConsequenceRecord> Consequences { get; private set; } = [];
    public bool HasMore { get; private set; }
    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public async Task OnGetAsync()
    {
        Number = ListPage.Clamp(Number);
        var page = await consequences.ListAsync(Actor, null, Today, (Number - 1) * PageSize, PageSize + 1);
        (Consequences, HasMore) = ([.. page.Take(PageSize)], page.Count > PageSize);
    }
}
