using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Planning;

/// <summary>The county's plans, and the way to draft one.</summary>
[Authorize(Policy = Permission.ReadPlan)]
public sealed class PlansModel(PlanStore plans, DraftPlan draft, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    [BindProperty]
    public string? DocumentNo { get; set; }

    [BindProperty]
    public string? PlanTitle { get; set; }

    [BindProperty]
    public int? FirstYear { get; set; }

    [BindProperty]
    public int? LastYear { get; set; }

    [BindProperty]
    public int? People { get; set; }

    public IReadOnlyList<Plan> Plans { get; private set; } = [];
    public bool HasMore { get; private set; }
    public bool MayEdit => Actor.May(Permission.EditPlan);
    public bool IsRefused => !ModelState.IsValid;
    public int ThisYear => CountyTime.DayOf(clock.GetUtcNow()).Year;

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!MayEdit) return Forbid();
        if (ModelState.IsValid && Accept(await draft.RunAsync(Actor, DocumentNo, PlanTitle, FirstYear, LastYear, People), out var plan))
        {
            Done = new Words("草稿已建立，请分解任务。", "The draft is there; divide its target now.").In(Speech.Language);
            return LocalRedirect($"/planning/{plan}");
        }
        await LoadAsync();
        return Page();
    }

    private async Task LoadAsync()
    {
        Number = ListPage.Clamp(Number);
        var page = await plans.ListAsync((Number - 1) * PageSize, PageSize + 1);
        (Plans, HasMore) = ([.. page.Take(PageSize)], page.Count > PageSize);
    }
}
