using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;
using Voucher.Server.Programmes;

namespace Voucher.Server.Teachers;

/// <summary>What the teacher's form shows beside the fields.</summary>
/// <param name="Phone">On record, masked, as is <paramref name="IdNumber"/>; each stays when its field is left empty.</param>
public sealed record TeacherFormView(TeacherForm Form, IReadOnlyList<Trade> Trades, string Phone = "", string IdNumber = "");

[Authorize(Policy = Permission.EditTeachers)]
public sealed class NewTeacherModel(ProgrammeStore programmes, SaveTeacher save, TimeProvider clock) : PortalPage
{
    public TeacherFormView FormView { get; private set; } = null!;

    public async Task OnGetAsync() => FormView = new TeacherFormView(
        TeacherForm.Empty with { EngagedFrom = CountyTime.DayOf(clock.GetUtcNow()) }, await programmes.TradesAsync());

    public async Task<IActionResult> OnPostAsync(TeacherForm form)
    {
        if (Accept(await save.AddAsync(form, Actor), out var id))
        {
            Done = new Words("老师已入库", "The teacher is in the pool").In(Speech.Language);
            return LocalRedirect($"/teachers/{id}");
        }
        FormView = new TeacherFormView(form, await programmes.TradesAsync());
        return Page();
    }
}
