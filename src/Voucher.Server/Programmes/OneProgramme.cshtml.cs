using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Policies;

namespace Voucher.Server.Programmes;

/// <summary>One programme: everybody reads, a clerk changes.</summary>
[Authorize(Policy = Permission.ReadInstitutions)]
public sealed class OneProgrammeModel(ProgrammeStore programmes, SaveProgramme save, PolicyStore policies, TimeProvider clock)
    : ProgrammeFormPage(programmes, policies, clock)
{
    private readonly ProgrammeStore _programmes = programmes;

    public Programme Known { get; private set; } = null!;

    public IReadOnlyList<(InstitutionId Id, string Name)> Teachers { get; private set; } = [];

    public Words? Warning => FormView is { } view ? PracticeWarning.For(Known.Hours, view.PracticePercent) : null;

    public async Task<IActionResult> OnGetAsync(int id)
    {
        if (!await LoadAsync(id)) return NotFound();
        (Form, SubsidyYuan) = (ProgrammeForm.Of(Known), Known.SubsidyFen.ToString());
        if (Actor.May(Permission.EditInstitutions)) await ShowFormAsync(isNew: false);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(int id)
    {
        if (!Actor.May(Permission.EditInstitutions)) return Forbid();
        if (Accept(await save.ChangeAsync(new ProgrammeId(id), Typed, Actor), out var saved))
        {
            Done = Say(saved);
            return RedirectToPage();
        }
        if (!await LoadAsync(id)) return NotFound();
        Form = Form with { Code = Known.Code };
        await ShowFormAsync(isNew: false);
        return Page();
    }

    private async Task<bool> LoadAsync(int id)
    {
        if (await _programmes.FindAsync(new ProgrammeId(id)) is not { } known) return false;
        Known = known;
        Teachers = await _programmes.TeachersAsync(known.Id);
        return true;
    }
}
