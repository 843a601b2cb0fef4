using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Planning;
using Voucher.Server.Portal;

namespace Voucher.Server.Planning;

/// <summary>A target with its parts: what was planned, what was done, who is behind. Leads down to each part.</summary>
[Authorize(Policy = Permission.ReadPlan)]
public sealed class OnePlanModel(PlanProgress progress, ApprovePlan approve, DraftPlan draft) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public int Id { get; set; }

    /// <summary>The target; the whole plan when not given.</summary>
    [BindProperty(SupportsGet = true, Name = "target")]
    public long? TargetNo { get; set; }

    public PlanView View { get; private set; } = null!;
    public bool IsDraft => View.Plan.Status == PlanStatus.Draft;
    public bool MayEdit => IsDraft && Actor.May(Permission.EditPlan);
    public bool MayApprove => IsDraft && Actor.May(Permission.ApprovePlan);
    public bool MayRevise => View.Plan.Status == PlanStatus.InForce && Actor.May(Permission.EditPlan);

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostApproveAsync()
    {
        if (!Actor.May(Permission.ApprovePlan)) return Forbid();
        if (!Accept(await approve.RunAsync(Actor, new PlanId(Id)))) return await ShowAsync();
        Done = new Words("计划已批准，开始执行。", "The plan is in force.").In(Speech.Language);
        return LocalRedirect($"/planning/{Id}");
    }

    public async Task<IActionResult> OnPostDiscardAsync()
    {
        if (!Actor.May(Permission.EditPlan)) return Forbid();
        if (!Accept(await approve.DiscardAsync(Actor, new PlanId(Id)))) return await ShowAsync();
        Done = new Words("草稿已放弃。", "The draft is discarded.").In(Speech.Language);
        return LocalRedirect("/planning");
    }

    public async Task<IActionResult> OnPostReviseAsync()
    {
        if (!Actor.May(Permission.EditPlan)) return Forbid();
        if (!Accept(await draft.ReviseAsync(Actor, new PlanId(Id)), out var revision)) return await ShowAsync();
        Done = new Words("修订稿已建立；批准之前，原计划继续执行。", "The revision is drafted; until it is approved the plan stays in force.").In(Speech.Language);
        return LocalRedirect($"/planning/{revision}");
    }

    private async Task<IActionResult> ShowAsync()
    {
        if (await progress.ReadAsync(new PlanId(Id), TargetNo is { } target ? new TargetId(target) : null) is not { } view) return NotFound();
        View = view;
        return Page();
    }
}
