using Microsoft.AspNetCore.Authorization;
using Voucher.Server.Policies;
using Voucher.Server.Portal;

namespace Voucher.Server.Programmes;

/// <summary>The menu (“菜单”) of programmes by trade.</summary>
[Authorize(Policy = Permission.ReadInstitutions)]
public sealed class ProgrammesModel(ProgrammeStore programmes, PolicyStore policies, TimeProvider clock) : PortalPage
{
    public IEnumerable<IGrouping<string, Programme>> ByTrade { get; private set; } = [];

    public int PracticePercent { get; private set; }

    public async Task OnGetAsync()
    {
        ByTrade = (await programmes.ListAsync()).GroupBy(programme => programme.Trade);
        PracticePercent = (await policies.InForceOnAsync(CountyTime.DayOf(clock.GetUtcNow()))).Parameters.PracticePercent;
    }
}
