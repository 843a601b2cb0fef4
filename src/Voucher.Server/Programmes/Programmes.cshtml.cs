using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Programmes;
using Voucher.Server.Policies;
using Voucher.Server.Portal;

namespace Voucher.Server.Programmes;

/// <summary>The menu (“菜单”) of programmes by trade, filtered as the address says.</summary>
[Authorize(Policy = Permission.ReadInstitutions)]
public sealed class ProgrammesModel(ProgrammeStore programmes, PolicyStore policies, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "trade")]
    public int? TradeCode { get; set; }

    [BindProperty(SupportsGet = true)]
    public ProgrammeKind? Kind { get; set; }

    [BindProperty(SupportsGet = true)]
    public SkillLevel? Level { get; set; }

    /// <summary>Only those of which new classes may be opened.</summary>
    [BindProperty(SupportsGet = true, Name = "open")]
    public bool OnlyOpen { get; set; }

    public IReadOnlyList<IGrouping<string, Programme>> ByTrade { get; private set; } = [];

    public IReadOnlyList<Trade> Trades { get; private set; } = [];

    public Policy Policy { get; private set; } = null!;

    public int PracticePercent => Policy.Parameters.PracticePercent;

    public bool IsFiltered => Filter.IsNarrow;

    private ProgrammeFilter Filter => new(TradeCode, Kind, Level, OnlyOpen);

    public async Task OnGetAsync()
    {
        var all = await programmes.ListAsync();
        ByTrade = [.. all.Where(Filter.Shows).GroupBy(programme => programme.Trade)];
        Trades = await programmes.TradesAsync();
        Policy = await policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow()));
    }
}
