using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Corrections;

/// <summary>Scans that front desks ask to have corrected: the open ones first, each decided with a reason.</summary>
[Authorize(Policy = Permission.DecideCorrection)]
public sealed class CorrectionsModel(CorrectionStore corrections, DecideCorrection decide) : PortalPage
{
    public IReadOnlyList<Correction> Open { get; private set; } = [];

    public IReadOnlyList<Correction> Decided { get; private set; } = [];

    /// <summary>Whose form was sent back.</summary>
    public long Failed { get; private set; }

    public async Task OnGetAsync() => (Open, Decided) = (await corrections.OpenAsync(), await corrections.DecidedAsync());

    public async Task<IActionResult> OnPostAsync(long id, string? decision, string? reason)
    {
        if (Accept(await decide.RunAsync(Actor, id, decision, reason)))
        {
            Done = new Words("已决定，下一步见下面的记录", "Decided; the next step stands with it below").In(Speech.Language);
            return RedirectToPage();
        }
        Failed = id;
        await OnGetAsync();
        return Page();
    }
}
