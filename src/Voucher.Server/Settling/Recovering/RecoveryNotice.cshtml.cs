using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Recovering;

/// <summary>追回通知书, to read, print, and have as a PDF.</summary>
[Authorize(Policy = Permission.ReadRecoveries)]
public sealed class RecoveryNoticeModel(RecoveryReading recoveries, PrintNotice print, County county) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public NoticeSheet Sheet { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    /// <summary>A post, since it leaves a mark on the audit trail.</summary>
    public async Task<IActionResult> OnPostPdfAsync()
    {
        if (!await LoadAsync()) return NotFound();
        return Accept(await print.RunAsync(Sheet, $"recovery:{Id}", Actor), out var pdf) ? File(pdf, "application/pdf", $"{Sheet.Number}.pdf") : Page();
    }

    private async Task<bool> LoadAsync()
    {
        if (await recoveries.FindAsync(new RecoveryId(Id), Actor) is not { Summary.Notice.Length: > 0 } known) return false;
        Sheet = NoticeSheet.OfRecovery(known, county);
        return true;
    }
}
