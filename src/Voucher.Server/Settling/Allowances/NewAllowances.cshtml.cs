using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Allowances;

/// <summary>试算: who would get what in a month, and who is left out and why; then the draft.</summary>
[Authorize(Policy = Permission.DraftAllowances)]
public sealed class NewAllowancesModel(DrawUpAllowances drawUp) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public string? Month { get; set; }

    [BindProperty(SupportsGet = true)]
    public int? Institution { get; set; }

    [BindProperty(SupportsGet = true)]
    public int? Line { get; set; }

    public DrawnUp? Drawn { get; private set; }

    public async Task<IActionResult> OnGetAsync() => await ShowAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (ModelState.IsValid && Accept(await drawUp.RunAsync(Actor, Request), out var list))
        {
            Done = new Words("发放表已拟，请另一人审批。", "The list is drafted; another person approves it.").In(Speech.Language);
            return LocalRedirect($"/settling/allowances/{list}");
        }
        return await ShowAsync();
    }

    private new AllowanceRequest Request => new(Month, Institution, Line);

    private async Task<IActionResult> ShowAsync()
    {
        if (ModelState.IsValid && Refusal is null && Accept(await drawUp.PreviewAsync(Request), out var drawn)) Drawn = drawn;
        return Page();
    }
}
