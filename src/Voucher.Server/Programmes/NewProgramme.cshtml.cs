using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Policies;

namespace Voucher.Server.Programmes;

[Authorize(Policy = Permission.EditInstitutions)]
public sealed class NewProgrammeModel(ProgrammeStore programmes, SaveProgramme save, PolicyStore policies, TimeProvider clock)
    : ProgrammeFormPage(programmes, policies, clock)
{
    public Task OnGetAsync() => ShowFormAsync(isNew: true);

    public async Task<IActionResult> OnPostAsync()
    {
        if (Accept(await save.AddAsync(Typed, Actor), out var saved))
        {
            Done = Say(saved);
            return LocalRedirect($"/programmes/{saved.Id}");
        }
        await ShowFormAsync(isNew: true);
        return Page();
    }
}
