using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Register.Importing;

/// <summary>One import: its progress while it runs, its result, and every row that was left out.</summary>
[Authorize(Policy = Permission.ReadRegister)]
public sealed class ImportResultModel(ImportStore imports, ErrorsCsv csv, Speech speech) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "p")]
    public int? RequestedPage { get; set; }

    public ImportState Import { get; private set; } = null!;
    public IReadOnlyList<ImportError> Errors { get; private set; } = [];
    public int TotalErrors { get; private set; }

    public int Pages => Math.Max(1, (TotalErrors + PageSize - 1) / PageSize);
    public int PageNumber => Math.Clamp(RequestedPage ?? 1, 1, Pages);
    public string Notes => speech[Import.NotesZh, Import.NotesEn];

    public IEnumerable<(string Key, Words Label, int Value, string Colour)> Figures =>
    [
        ("added", new("新增", "Added"), Import.Added, "text-green"),
        ("changed", new("更新", "Changed"), Import.Changed, "text-blue"),
        ("unchanged", new("未变", "Unchanged"), Import.Unchanged, ""),
        ("bad", new("有错未导入", "Not imported"), Import.Bad, Import.Bad > 0 ? "text-red" : ""),
    ];

    public async Task<IActionResult> OnGetAsync(long id)
    {
        if (await imports.GetAsync(id) is not { } import) return NotFound();
        Import = import;
        TotalErrors = await imports.CountErrorsAsync(id);
        Errors = await imports.ErrorsAsync(id, (PageNumber - 1) * PageSize, PageSize);
        return Page();
    }

    public async Task<IActionResult> OnGetProgressAsync(long id) => await imports.GetAsync(id) is { } import
        ? new JsonResult(new
        {
            isOver = import.IsOver, total = import.TotalRows, done = import.DoneRows,
            added = import.Added, changed = import.Changed, unchanged = import.Unchanged, bad = import.Bad,
        })
        : NotFound();

    public async Task<IActionResult> OnGetCsvAsync(long id)
    {
        if (await imports.GetAsync(id) is null) return NotFound();
        var file = new MemoryStream();
        await csv.WriteAsync(id, file, HttpContext.RequestAborted);
        file.Position = 0;
        return File(file, "text/csv; charset=utf-8", $"errors-{id}.csv");
    }
}
