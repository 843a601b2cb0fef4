using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Register.Importing;

/// <summary>Shows what undoing an import would come to before anybody does it.</summary>
[Authorize(Policy = Permission.ImportRegister)]
public sealed class UndoModel(ImportStore imports, UndoStore undo, UndoImport order) : PortalPage
{
    public ImportState Import { get; private set; } = null!;
    public UndoReport Foreseen { get; private set; } = UndoReport.Nothing;
    public string? Reason { get; private set; }

    public string? ReasonProblem => ModelState["reason"]?.Errors.FirstOrDefault()?.ErrorMessage;

    public async Task<IActionResult> OnGetAsync(long id) => await LoadAsync(id) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(long id, string? reason)
    {
        ModelState.Clear();
        Reason = reason;
        if (Accept(await order.RunAsync(Actor, id, reason))) return LocalRedirect($"/register/imports/{id}");
        return await LoadAsync(id) ? Page() : NotFound();
    }

    private async Task<bool> LoadAsync(long id)
    {
        if (await imports.GetAsync(id) is not { } import) return false;
        Import = import;
        if (import.CanBeUndone) Foreseen = await undo.ForeseeAsync(id);
        return true;
    }
}
