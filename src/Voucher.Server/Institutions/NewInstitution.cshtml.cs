using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Institutions;

/// <summary>What the institution's form shows beside the fields.</summary>
/// <param name="AccountMasked">The payee account on record, masked; it stays when the field is left empty.</param>
public sealed record InstitutionFormView(InstitutionForm Form, string? AccountMasked);

[Authorize(Policy = Permission.EditInstitutions)]
public sealed class NewInstitutionModel(SaveInstitution save) : PortalPage
{
    [BindProperty]
    public InstitutionForm Form { get; set; } = InstitutionForm.Empty;

    public async Task<IActionResult> OnPostAsync()
    {
        if (!Accept(await save.AddAsync(Form, Actor), out var id))
            return Page();
        Done = new Words("机构已登记，请接着拟认定申请", "The institution is entered; go on with its accreditation").In(Speech.Language);
        return LocalRedirect($"/institutions/{id}");
    }
}
