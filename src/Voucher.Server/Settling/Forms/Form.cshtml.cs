using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Forms;

/// <summary>One form on the screen, to be printed from the browser or taken away as PDF or workbook.</summary>
[Authorize(Policy = Permission.ReadForms)]
public sealed class FormModel(FormBook book, ExportForm export) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public string? Kind { get; set; }

    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public int Line { get; set; }

    [BindProperty(SupportsGet = true)]
    public int Source { get; set; }

    [BindProperty(SupportsGet = true)]
    public int Institution { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? From { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? Until { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? Day { get; set; }

    public FormSheet? Sheet { get; private set; }

    public IEnumerable<string> Problems => ModelState.Values.SelectMany(entry => entry.Errors).Select(error => error.ErrorMessage).Distinct(StringComparer.Ordinal);

    /// <summary>The form's own address with a handler: what it shows stands in the address, so that nothing else has to be posted.</summary>
    public string AddressOf(string handler) => $"{Request.Path}{QueryString.Create([
        .. Request.Query.Where(pair => pair.Key != "handler").Select(pair => KeyValuePair.Create<string, Microsoft.Extensions.Primitives.StringValues>(pair.Key, pair.Value)),
        KeyValuePair.Create("handler", new Microsoft.Extensions.Primitives.StringValues(handler)),
    ])}";

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    /// <summary>A post, since it leaves a mark on the audit trail.</summary>
    public async Task<IActionResult> OnPostPdfAsync() => await SendAsync(wish => export.PdfAsync(Actor, wish, HttpContext.RequestAborted), ExportForm.PdfType);

    public async Task<IActionResult> OnPostXlsxAsync() => await SendAsync(wish => export.XlsxAsync(Actor, wish), Workbook.ContentType);

    private async Task<IActionResult> SendAsync(Func<FormWish, Task<Outcome<ExportFile>>> make, string type)
    {
        if (Wish() is not { } wish) return NotFound();
        if (!ModelState.IsValid || !Accept(await make(wish), out var file)) return await ShowAsync();
        Response.Headers.CacheControl = "no-store";
        return File(file.Content, type, file.Name);
    }

    private async Task<IActionResult> ShowAsync()
    {
        if (Wish() is not { } wish) return NotFound();
        if (!Actor.May(FormBook.NeedsOf(wish.Kind))) return Forbid();
        if (!ModelState.IsValid) return Page();
        var outcome = await book.FindAsync(Actor, wish);
        if (outcome is Outcome<FormSheet>.Refused({ Code: RefusalCode.NotFound })) return NotFound();
        if (Accept(outcome, out var sheet)) Sheet = sheet;
        return Page();
    }

    private FormWish? Wish() => Enum.TryParse<FormKind>(Kind, ignoreCase: true, out var kind) && Enum.IsDefined(kind) && !char.IsAsciiDigit(Kind![0])
        ? new FormWish(kind, Id, Line, Source, Institution, From, Until, Day)
        : null;
}
