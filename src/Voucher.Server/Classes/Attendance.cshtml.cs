using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Policies;
using Voucher.Server.Portal;

namespace Voucher.Server.Classes;

/// <summary>The attendance sheet (考勤表) of a class, for the screen and for paper.</summary>
[Authorize(Policy = Permission.ReadClasses)]
public sealed class AttendanceModel(ClassStore classes, AttendanceSheets sheets, PolicyStore policies, TimeProvider clock) : PortalPage
{
    public TrainingClass Known { get; private set; } = null!;

    public AttendanceSheet Sheet { get; private set; } = null!;

    public int RequiredPercent { get; private set; }

    public DateTimeOffset Now => clock.GetUtcNow();

    public async Task<IActionResult> OnGetAsync(long id)
    {
        if (await classes.FindAsync(new ClassId(id), Actor) is not { } known) return NotFound();
        Known = known;
        Sheet = await sheets.SheetOfAsync(known.Id);
        RequiredPercent = (await policies.InForceOrLastAsync(CountyTime.DayOf(Now))).Parameters.AttendancePercent;
        return Page();
    }
}
