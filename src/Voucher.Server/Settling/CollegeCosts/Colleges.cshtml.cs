using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.CollegeCosts;

/// <summary>What each college may use of its training income for running costs, by year or quarter.</summary>
[Authorize(Policy = Permission.ReadForms)]
public sealed class CollegesModel(CollegeReading reading, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public int? Year { get; set; }

    [BindProperty(SupportsGet = true)]
    public int? Quarter { get; set; }

    public CollegePeriod Period { get; private set; } = null!;
    public IReadOnlyList<CollegeMemo> Memos { get; private set; } = [];

    public async Task OnGetAsync()
    {
        Period = CollegePeriod.Read(Year, Quarter, CountyTime.DayOf(clock.GetUtcNow()));
        Memos = await reading.ListAsync(Actor, Period);
    }
}
