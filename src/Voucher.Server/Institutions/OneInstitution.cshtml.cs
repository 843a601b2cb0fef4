using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;
using Voucher.Server.Programmes;

namespace Voucher.Server.Institutions;

/// <summary>One institution: its people read, a clerk changes.</summary>
[Authorize(Policy = Permission.ReadInstitutions)]
public sealed class OneInstitutionModel(
    InstitutionStore institutions, ProgrammeStore programmes, SaveInstitution save, TimeProvider clock) : PortalPage
{
    [BindProperty]
    public InstitutionForm Form { get; set; } = InstitutionForm.Empty;

    public Institution Known { get; private set; } = null!;

    public IReadOnlyList<Programme> Menu { get; private set; } = [];

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public async Task<IActionResult> OnGetAsync(int id)
    {
        if (!await LoadAsync(id)) return NotFound();
        Form = InstitutionForm.Of(Known, await institutions.ProgrammeCodesAsync(Known.Id));
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(int id)
    {
        if (!Actor.May(Permission.EditInstitutions)) return Forbid();
        if (!Accept(await save.ChangeAsync(new InstitutionId(id), Form, Actor))) return await LoadAsync(id) ? Page() : NotFound();
        Done = new Words("已保存", "Saved").In(Speech.Language);
        return RedirectToPage();
    }

    private async Task<bool> LoadAsync(int id)
    {
        if (!Actor.MayActFor(new InstitutionId(id)) || await institutions.FindAsync(new InstitutionId(id)) is not { } known) return false;
        Known = known;
        Menu = await programmes.ListAsync();
        return true;
    }
}
