using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Institutions;
using Voucher.Server.Policies;
using Voucher.Server.Portal;
using Voucher.Server.Programmes;

namespace Voucher.Server.Classes;

/// <summary>A refused class, changed and handed in again.</summary>
[Authorize(Policy = Permission.OpenClass)]
public sealed class EditClassModel(
    OpenClass open, ClassStore classes, InstitutionStore institutions, ProgrammeStore programmes, PolicyStore policies, TimeProvider clock)
    : ClassFormPage(institutions, programmes, policies, clock)
{
    public string? RefusedReason { get; private set; }

    public async Task<IActionResult> OnGetAsync(long id)
    {
        if (await classes.FindAsync(new ClassId(id), Actor) is not { } known) return NotFound();
        (Form, RefusedReason) = (ClassForm.Of(known, await classes.SessionsAsync(known.Id)), known.RefusedReason);
        await ShowFormAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long id)
    {
        if (await classes.FindAsync(new ClassId(id), Actor) is not { } known) return NotFound();
        if (Accept(await open.ResubmitAsync(known.Id, Form, Actor)))
        {
            Done = new Words("已重新提交，等待县人社局审定", "Handed in again; the county will decide").In(Speech.Language);
            return LocalRedirect($"/classes/{id}");
        }
        RefusedReason = known.RefusedReason;
        await ShowFormAsync();
        return Page();
    }
}
