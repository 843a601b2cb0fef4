using Microsoft.AspNetCore.Authorization;
using Voucher.Server.Institutions.Marking;
using Voucher.Server.Portal;

namespace Voucher.Server.Institutions;

/// <summary>The county's institutions; an institution's own people see theirs alone.</summary>
[Authorize(Policy = Permission.ReadInstitutions)]
public sealed class InstitutionsModel(InstitutionStore institutions, MarkStore marks, TimeProvider clock) : PortalPage
{
    public IReadOnlyList<Institution> Rows { get; private set; } = [];

    public ILookup<InstitutionId, InstitutionMark> Marked { get; private set; } = null!;

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public async Task OnGetAsync()
    {
        Rows = await institutions.ListAsync(Actor.Institution);
        Marked = (await marks.ShownAsync(Today)).ToLookup(mark => mark.InstitutionId);
    }
}
