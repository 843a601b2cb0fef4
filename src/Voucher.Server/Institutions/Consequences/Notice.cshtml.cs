using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;
using Voucher.Server.Settling.Recovering;

namespace Voucher.Server.Institutions.Consequences;

/// <summary>整改通知书, to read, print, and have as a PDF.</summary>
[Authorize(Policy = Permission.ReadRecoveries)]
public sealed class RectificationNoticeModel(ConsequenceReading consequences, PrintNotice print, County county) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public NoticeSheet Sheet { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    /// <summary>A post, since it leaves a mark on the audit trail.</summary>
    public async Task<IActionResult> OnPostPdfAsync()
    {
        if (!await LoadAsync()) return NotFound();
        return Accept(await print.RunAsync(Sheet, $"consequence:{Id}", Actor), out var pdf) ? File(pdf, "application/pdf", $"{Sheet.Number}.pdf") : Page();
    }

    private async Task<bool> LoadAsync()
    {
        if (await consequences.FindAsync(new ConsequenceId(Id), Actor) is not { Notice.Length: > 0 } known) return false;
        var rule = (await consequences.StepsAsync([known]))[known.Id].Last(step => step.Step == ConsequenceStep.Confirm).Rule;
        Sheet = NoticeSheet.OfRectification(known, rule, county);
        return true;
    }
}
