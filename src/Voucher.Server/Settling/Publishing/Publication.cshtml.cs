using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Publishing;

/// <summary>One published list: how its lines stand, its paper, and the desk's form for objections.</summary>
[Authorize(Policy = Permission.ReadPayments)]
public sealed class PublicationModel(PublicationReading publications, TakeObjection take, PublicationPaper paper, NpgsqlDataSource database, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    [BindProperty]
    public string? Lines { get; set; }

    [BindProperty]
    public long? ClassId { get; set; }

    [BindProperty]
    public string? Said { get; set; }

    [BindProperty]
    public string? Objector { get; set; }

    [BindProperty]
    public string? Channel { get; set; }

    public PublicationSummary Publication { get; private set; } = null!;
    public IReadOnlyList<PublicationLine> Shown { get; private set; } = [];
    public IReadOnlyList<(long Id, string Name)> Classes { get; private set; } = [];
    public bool HasMore { get; private set; }
    public DateOnly Today { get; private set; }

    public string? FaultOf(string field) => ModelState.TryGetValue(field, out var entry) && entry.Errors.Count > 0 ? entry.Errors[0].ErrorMessage : null;

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    /// <summary>The masked list as it is hung up; that it was taken is on the trail.</summary>
    public async Task<IActionResult> OnPostPdfAsync()
    {
        if (!Accept(await paper.PdfAsync(Id, HttpContext.RequestAborted), out var pdf)) return await ShowAsync();
        await ExportTrail.NoteAsync(database, Actor, "export.publication", $"publication:{Id}", Ground.Under(Permission.ReadPayments), clock.GetUtcNow());
        return File(pdf, "application/pdf", $"{PublicationNumber.Of(Id)}.pdf");
    }

    public async Task<IActionResult> OnPostObjectAsync()
    {
        if (!Actor.May(Permission.TakeObjection)) return Forbid();
        var form = new ObjectionForm(Lines, ClassId, Said, Objector, PublicationEndpoints.ReadChannel(Channel));
        if (!ModelState.IsValid || !Accept(await take.AtDeskAsync(Actor, Id, form), out var objection)) return await ShowAsync();
        Done = new Words($"异议 {ObjectionDetail.NumberOf(objection)} 已记录，有关行已冻结。", $"Objection {ObjectionDetail.NumberOf(objection)} is recorded; its lines are frozen.").In(Speech.Language);
        return LocalRedirect($"/settling/publications/{Id}");
    }

    private async Task<IActionResult> ShowAsync()
    {
        if (await publications.FindAsync(Id) is not { } found) return NotFound();
        (Publication, Number, Today) = (found, ListPage.Clamp(Number), CountyTime.DayOf(clock.GetUtcNow()));
        Classes = await publications.ClassesAsync(Id);
        var page = await publications.LinesAsync(Id, (Number - 1) * PageSize, PageSize + 1);
        (Shown, HasMore) = ([.. page.Take(PageSize)], page.Count > PageSize);
        return Page();
    }
}
