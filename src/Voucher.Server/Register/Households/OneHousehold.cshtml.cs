using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Register.Households;

/// <summary>One household: members, whether somebody is trained, and the plan (一户一策) with its measures.</summary>
[Authorize(Policy = Permission.ReadHouseholds)]
public sealed class OneHouseholdModel(HouseholdStore households, PlanHousehold planning, TimeProvider clock) : PortalPage
{
    public Household Household { get; private set; } = null!;
    public IReadOnlyList<HouseholdMember> Members { get; private set; } = [];
    public IReadOnlyList<HouseholdMeasure> Measures { get; private set; } = [];
    public bool MayPlan => Actor.May(Permission.EditRegister);
    public bool IsCovered => Members.Any(member => member.Completed > 0);
    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public async Task<IActionResult> OnGetAsync(long id) => await LoadAsync(id) ? Page() : NotFound();

    public Task<IActionResult> OnPostPlanAsync(long id, string? plan, bool isRegistered) =>
        RunAsync(id, () => planning.SaveAsync(id, plan, isRegistered, Actor));

    public Task<IActionResult> OnPostMeasureAsync(long id, PlanHousehold.NewMeasure form) => RunAsync(id, () => planning.AddMeasureAsync(id, form, Actor));

    public Task<IActionResult> OnPostDoneAsync(long id, long measure) => RunAsync(id, () => planning.FinishMeasureAsync(id, measure, Actor));

    private async Task<IActionResult> RunAsync(long id, Func<Task<Outcome<Nothing>>> write)
    {
        if (!MayPlan) return Forbid();
        if (ModelState.IsValid && Accept(await write())) return RedirectToPage(new { id });
        return await LoadAsync(id) ? Page() : NotFound();
    }

    private async Task<bool> LoadAsync(long id)
    {
        var scope = RegisterScope.Of(Actor);
        if (await households.FindAsync(scope, id) is not { } household) return false;
        Household = household;
        Members = await households.MembersAsync(scope, household.Number);
        Measures = await households.MeasuresAsync(id);
        return true;
    }
}
