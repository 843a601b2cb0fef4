using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;
using Voucher.Server.Programmes;

namespace Voucher.Server.Institutions;

/// <summary>What the institution's form shows beside the fields.</summary>
/// <param name="AccountMasked">The payee account on record, masked; it stays when the field is left empty.</param>
public sealed record InstitutionFormView(InstitutionForm Form, IReadOnlyList<Programme> Menu, string? AccountMasked);

[Authorize(Policy = Permission.EditInstitutions)]
public sealed class NewInstitutionModel(ProgrammeStore programmes, SaveInstitution save) : PortalPage
{
    [BindProperty]
    public InstitutionForm Form { get; set; } = InstitutionForm.Empty;

    public IReadOnlyList<Programme> Menu { get; private set; } = [];

    public async Task OnGetAsync() => Menu = await programmes.ListAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!Accept(await save.AddAsync(Form, Actor), out var id))
        {
            await OnGetAsync();
            return Page();
        }
        Done = new Words("机构已登记", "The institution is entered").In(Speech.Language);
        return LocalRedirect($"/institutions/{id}");
    }
}
