using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Planning;
using Voucher.Server.Portal;

namespace Voucher.Server.Planning.Breakdown;

/// <summary>Hands out an empty 任务分解表, and takes in a filled one.</summary>
[Authorize(Policy = Permission.EditPlan)]
[RequestSizeLimit(3 * ImportBreakdown.LargestFileBytes)]
[RequestFormLimits(MultipartBodyLengthLimit = 3 * ImportBreakdown.LargestFileBytes)]
public sealed class SheetModel(PlanStore plans, PlanNamesStore names, ImportBreakdown import) : PortalPage
{
    private const string Workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    [BindProperty(SupportsGet = true)]
    public int Id { get; set; }

    [BindProperty(SupportsGet = true, Name = "target")]
    public long TargetNo { get; set; }

    public Plan Plan { get; private set; } = null!;
    public Target Target { get; private set; } = null!;
    public Words TargetName { get; private set; } = null!;
    public string? FileProblem => ModelState["file"]?.Errors.FirstOrDefault()?.ErrorMessage;

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    public async Task<IActionResult> OnGetTemplateAsync(string? of, string? format)
    {
        if (!await LoadAsync()) return NotFound();
        var (rows, name) = of switch
        {
            "text004" => (BreakdownTemplate.OfText004, "任务分解表-示例（东乡2020）"),
            "text000" => (BreakdownTemplate.OfText000, "任务分解表-示例（德宏2016）"),
            "departments" => (BreakdownTemplate.For(Plan, TargetSplit.Department, await names.ReadAsync()), "任务分解表-部门"),
            _ => (BreakdownTemplate.For(Plan, TargetSplit.Township, await names.ReadAsync()), "任务分解表-乡镇"),
        };
        return format == "csv"
            ? File(BreakdownTemplate.Csv(rows), "text/csv; charset=utf-8", name + ".csv")
            : File(BreakdownTemplate.Xlsx(rows), Workbook, name + ".xlsx");
    }

    public async Task<IActionResult> OnPostAsync(IFormFile? file)
    {
        if (!await LoadAsync()) return NotFound();
        return ModelState.IsValid && Accept(await import.StartAsync(Actor, Plan.Id, Target.Id, file, HttpContext.RequestAborted), out var started)
            ? LocalRedirect($"/planning/sheets/{started}")
            : Page();
    }

    private async Task<bool> LoadAsync()
    {
        if (await plans.FindAsync(new PlanId(Id)) is not { Status: PlanStatus.Draft } plan) return false;
        if ((await plans.TreeAsync(plan.Id)).Find(new TargetId(TargetNo)) is not { } target) return false;
        (Plan, Target, TargetName) = (plan, target, (await names.ReadAsync()).NameOf(target));
        return true;
    }
}
