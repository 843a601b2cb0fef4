using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;
using Voucher.Server.Settling.Forms;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Recovering;

/// <summary>A notice on its page: to read, to print from the browser, to take away as PDF or workbook.</summary>
public abstract class NoticePage(ExportNotice export) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public NoticeSheet Sheet { get; private set; } = null!;

    /// <summary>What the audit trail says was taken away.</summary>
    protected abstract string Subject { get; }

    /// <summary>The notice, or <c>null</c> where none was served or the reader may not see it.</summary>
    protected abstract Task<NoticeSheet?> FindAsync();

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    /// <summary>A post, since it leaves a mark on the audit trail.</summary>
    public async Task<IActionResult> OnPostPdfAsync()
    {
        if (!await LoadAsync()) return NotFound();
        return Accept(await export.PdfAsync(Sheet, Subject, Actor, HttpContext.RequestAborted), out var file) ? Send(file, ExportForm.PdfType) : Page();
    }

    public async Task<IActionResult> OnPostXlsxAsync() =>
        await LoadAsync() ? Send(await export.XlsxAsync(Sheet, Subject, Actor), Workbook.ContentType) : NotFound();

    private FileContentResult Send(ExportFile file, string type)
    {
        Response.Headers.CacheControl = "no-store";
        return File(file.Content, type, file.Name);
    }

    private async Task<bool> LoadAsync()
    {
        if (await FindAsync() is not { } sheet) return false;
        Sheet = sheet;
        return true;
    }
}
