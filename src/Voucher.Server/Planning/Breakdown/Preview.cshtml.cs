using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Planning.Breakdown;

/// <summary>A handed-in 任务分解表 as it was read, with every wrong cell marked; taken over from here.</summary>
[Authorize(Policy = Permission.EditPlan)]
public sealed class PreviewModel(ImportBreakdown import) : PortalPage
{
    /// <summary>Rows shown of a longer sheet.</summary>
    public const int MostRows = 200;

    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public BreakdownPreview Preview { get; private set; } = null!;

    /// <summary>The problem of each wrong cell.</summary>
    public IReadOnlyDictionary<string, Words> Wrong { get; private set; } = new Dictionary<string, Words>();

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!Accept(await import.AdoptAsync(Actor, Id), out var plan)) return await ShowAsync();
        Done = new Words("任务分解表已导入。", "The breakdown is taken over.").In(Speech.Language);
        return LocalRedirect($"/planning/{plan}");
    }

    private async Task<IActionResult> ShowAsync()
    {
        if (await import.PreviewAsync(Id) is not { } preview) return NotFound();
        Preview = preview;
        Wrong = preview.Sheet.Problems.Where(problem => problem.Cell.Length > 0).DistinctBy(problem => problem.Cell).ToDictionary(problem => problem.Cell, problem => problem.Problem);
        return Page();
    }
}
