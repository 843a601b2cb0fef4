using Microsoft.AspNetCore.Authorization;
using Voucher.Server.Portal;

namespace Voucher.Server.Institutions;

/// <summary>The county's institutions; an institution's own people see theirs alone.</summary>
[Authorize(Policy = Permission.ReadInstitutions)]
public sealed class InstitutionsModel(InstitutionStore institutions, TimeProvider clock) : PortalPage
{
    public IReadOnlyList<Institution> Rows { get; private set; } = [];

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public async Task OnGetAsync() => Rows = await institutions.ListAsync(Actor.Institution);
}
