using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Institutions;
using Voucher.Server.Policies;
using Voucher.Server.Portal;
using Voucher.Server.Programmes;

namespace Voucher.Server.Classes;

[Authorize(Policy = Permission.OpenClass)]
public sealed class NewClassModel(
    OpenClass open, InstitutionStore institutions, ProgrammeStore programmes, PolicyStore policies, TimeProvider clock)
    : ClassFormPage(institutions, programmes, policies, clock)
{
    public Task OnGetAsync() => ShowFormAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (Accept(await open.RunAsync(Form, Actor), out var id))
        {
            Done = new Words("已提交，等待县人社局审定", "Handed in; the county will decide").In(Speech.Language);
            return LocalRedirect($"/classes/{id}");
        }
        await ShowFormAsync();
        return Page();
    }
}
