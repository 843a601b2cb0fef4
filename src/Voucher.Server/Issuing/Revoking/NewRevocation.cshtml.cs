using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Issuing.Revoking;

/// <summary>A clerk sees what a revocation would do and asks for it.</summary>
[Authorize(Policy = Permission.HandleVouchers)]
public sealed class NewRevocationModel(ProposeRevocation propose) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "batch")]
    public long? BatchId { get; set; }

    [BindProperty(SupportsGet = true, Name = "person")]
    public long? PersonId { get; set; }

    [BindProperty(SupportsGet = true, Name = "institution")]
    public int? InstitutionId { get; set; }

    [BindProperty(Name = "enrolled")]
    public bool IncludesEnrolled { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public RevocationPreview Preview { get; private set; } = null!;

    public bool IsOfInstitution => InstitutionId is not null;

    public string? ReasonFault => ModelState["reason"]?.Errors.FirstOrDefault()?.ErrorMessage;

    private RevocationScope? Scope => RevocationScope.Read(BatchId, PersonId, InstitutionId);

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await LoadAsync()) return NotFound();
        if (!Accept(await propose.RunAsync(Scope, IncludesEnrolled, Reason, Actor))) return Page();
        Done = Speech.IsEnglish ? "Proposed; another colleague must approve it." : "已提出，等待另一位同事审批。";
        return Redirect("/issuing/revocations");
    }

    private async Task<bool> LoadAsync()
    {
        if (!ModelState.IsValid || await propose.PreviewAsync(Scope) is not Outcome<RevocationPreview>.Done(var preview)) return false;
        Preview = preview;
        return true;
    }
}
