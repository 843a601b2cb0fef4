using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Register.Importing;

/// <summary>
/// One import from its upload to its end: its columns are confirmed here, its dry run is shown and the import started; then its
/// progress, its result, and every row that was left out.
/// </summary>
[Authorize(Policy = Permission.ReadWholeRegister)]
public sealed class ImportResultModel(ImportStore imports, PrepareImport prepare, UndoStore undo, ErrorsCsv csv, Speech speech, NpgsqlDataSource database,
    TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "p")]
    public int? RequestedPage { get; set; }

    public ImportState Import { get; private set; } = null!;
    public ImportPlan? Plan { get; private set; }
    public UndoReport? Undone { get; private set; }
    public IReadOnlyList<ImportError> Errors { get; private set; } = [];
    public int TotalErrors { get; private set; }

    /// <summary>What the clerk has just chosen, where it was sent back.</summary>
    public IReadOnlyList<string?> Chosen { get; private set; } = [];

    public int Pages => Math.Max(1, (TotalErrors + PageSize - 1) / PageSize);
    public int PageNumber => Math.Clamp(RequestedPage ?? 1, 1, Pages);
    public string Notes => speech[Import.NotesZh, Import.NotesEn];
    public bool MayPrepare => Actor.May(Permission.ImportRegister);

    /// <summary>The page moves by itself until a person has the next word.</summary>
    public bool IsMoving => !Import.IsOver && !Import.WaitsForClerk;

    public bool IsDryRun => Import.Status is ImportStatus.Checking or ImportStatus.Checked;

    public IEnumerable<(string Key, Words Label, int Value, string Colour)> Figures =>
    [
        ("added", IsDryRun ? new("将新增", "Would be added") : new("新增", "Added"), Import.Added, "text-green"),
        ("changed", IsDryRun ? new("将更新", "Would be changed") : new("更新", "Changed"), Import.Changed, "text-blue"),
        ("unchanged", new("未变", "Unchanged"), Import.Unchanged, ""),
        ("review", new("待核对", "To review"), Import.ToReview, Import.ToReview > 0 ? "text-orange" : ""),
        ("bad", IsDryRun ? new("有错", "Bad") : new("有错未导入", "Not imported"), Import.Bad, Import.Bad > 0 ? "text-red" : ""),
    ];

    public async Task<IActionResult> OnGetAsync(long id) => await LoadAsync(id) ? Page() : NotFound();

    public async Task<IActionResult> OnGetProgressAsync(long id) => await imports.GetAsync(id) is { } import
        ? new JsonResult(new
        {
            isOver = import.IsOver || import.WaitsForClerk, total = import.TotalRows, done = import.DoneRows,
            added = import.Added, changed = import.Changed, unchanged = import.Unchanged, review = import.ToReview, bad = import.Bad,
        })
        : NotFound();

    public async Task<IActionResult> OnGetCsvAsync(long id)
    {
        if (await imports.GetAsync(id) is null) return NotFound();
        var file = new MemoryStream();
        await csv.WriteAsync(id, file, HttpContext.RequestAborted);
        file.Position = 0;
        await Spreadsheets.ExportTrail.NoteAsync(database, Actor, "import.errors", $"import:{id}", Ground.Under(Permission.ReadWholeRegister), clock.GetUtcNow());
        return File(file, "text/csv; charset=utf-8", $"errors-{id}.csv");
    }

    public async Task<IActionResult> OnPostColumnsAsync(long id, List<string?> columns, string? dates)
    {
        if (!MayPrepare) return Forbid();
        ModelState.Clear();
        Chosen = columns;
        return await AnswerAsync(id, await prepare.ConfirmAsync(Actor, id, columns, dates));
    }

    public async Task<IActionResult> OnPostStartAsync(long id) => !MayPrepare ? Forbid() : await AnswerAsync(id, await prepare.BeginAsync(Actor, id));

    public async Task<IActionResult> OnPostDiscardAsync(long id) => !MayPrepare ? Forbid() : await AnswerAsync(id, await prepare.DiscardAsync(Actor, id));

    /// <summary>Which of the register's columns the file's column is, as chosen or guessed.</summary>
    public RegisterColumn? ColumnOf(int at)
    {
        if (at < Chosen.Count) return Enum.TryParse<RegisterColumn>(Chosen[at], out var chosen) ? chosen : null;
        foreach (var (column, place) in Plan!.Choice.Columns) if (place == at) return column;
        return null;
    }

    private async Task<IActionResult> AnswerAsync(long id, Outcome<Nothing> outcome)
    {
        if (Accept(outcome)) return LocalRedirect($"/register/imports/{id}");
        return await LoadAsync(id) ? Page() : NotFound();
    }

    private async Task<bool> LoadAsync(long id)
    {
        if (await imports.GetAsync(id) is not { } import) return false;
        Import = import;
        if (import.WaitsForClerk) Plan = await imports.PlanAsync(id);
        if (import.Status == ImportStatus.Undone) Undone = await undo.ReportAsync(id);
        TotalErrors = await imports.CountErrorsAsync(id);
        Errors = await imports.ErrorsAsync(id, (PageNumber - 1) * PageSize, PageSize);
        return true;
    }
}
