using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Issuing.Printing;
using Voucher.Server.Portal;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.CollegeCosts;

/// <summary>分成备忘 of one college: on the screen, and the same as a PDF.</summary>
[Authorize(Policy = Permission.ReadForms)]
public sealed class MemoModel(CollegeReading reading, PartialHtml partials, PdfPrinter printer, ServerSettings settings, NpgsqlDataSource database,
    TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public int Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public int? Year { get; set; }

    [BindProperty(SupportsGet = true)]
    public int? Quarter { get; set; }

    public CollegeMemo Memo { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    public async Task<IActionResult> OnPostPdfAsync(CancellationToken cancel)
    {
        if (!await LoadAsync()) return NotFound();
        if (settings.Chromium is null && !Accept((Outcome<Nothing>)Voucher.Core.Refusals.Refusal.Of(RefusalCode.NoPdfPrinter))) return Page();
        var html = await partials.RenderAsync("/Settling/CollegeCosts/_MemoDocument.cshtml", Memo);
        var made = await printer.PrintAsync(html, cancel);
        await ExportTrail.NoteAsync(database, Actor, "export.college-memo", $"institution:{Id}", Ground.Under(Permission.ReadForms), clock.GetUtcNow());
        return File(made, "application/pdf", $"{Memo.Name} {Memo.Period.Name.Zh} 分成备忘.pdf");
    }

    private async Task<bool> LoadAsync()
    {
        var period = CollegePeriod.Read(Year, Quarter, CountyTime.DayOf(clock.GetUtcNow()));
        if (await reading.FindAsync(Actor, new InstitutionId(Id), period) is not { } memo) return false;
        Memo = memo;
        return true;
    }
}
