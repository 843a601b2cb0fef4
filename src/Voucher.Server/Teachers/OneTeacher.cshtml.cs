using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;
using Voucher.Server.Programmes;

namespace Voucher.Server.Teachers;

/// <summary>One teacher: what is recorded, sessions to come, and how he or she came in, changed and went.</summary>
[Authorize(Policy = Permission.ReadInstitutions)]
public sealed class OneTeacherModel(
    TeacherStore teachers, ProgrammeStore programmes, SaveTeacher save, RevealPhone reveal, TimeProvider clock) : PortalPage
{
    public Teacher Known { get; private set; } = null!;

    public IReadOnlyList<TeacherSession> Sessions { get; private set; } = [];

    public IReadOnlyList<TeacherChange> Changes { get; private set; } = [];

    public TeacherFormView FormView { get; private set; } = null!;

    /// <summary>Opened for this one answer; <c>null</c> when nobody has asked.</summary>
    public string? Phone { get; private set; }

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public async Task<IActionResult> OnGetAsync(int id) => await LoadAsync(id, null) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(int id, TeacherForm form)
    {
        if (!Actor.May(Permission.EditTeachers)) return Forbid();
        if (!Accept(await save.ChangeAsync(new TeacherId(id), form, Actor))) return await LoadAsync(id, form) ? Page() : NotFound();
        Done = new Words("已保存", "Saved").In(Speech.Language);
        return LocalRedirect($"/teachers/{id}");
    }

    public async Task<IActionResult> OnPostLeaveAsync(int id, DateOnly? last, string? reason)
    {
        if (!Actor.May(Permission.EditTeachers)) return Forbid();
        if (!Accept(await save.LeaveAsync(new TeacherId(id), last, reason, Actor))) return await LoadAsync(id, null) ? Page() : NotFound();
        Done = new Words("已办理出库", "The teacher has left the pool").In(Speech.Language);
        return LocalRedirect($"/teachers/{id}");
    }

    public async Task<IActionResult> OnPostPhoneAsync(int id)
    {
        if (!Actor.May(Permission.EditTeachers)) return Forbid();
        if (!await LoadAsync(id, null)) return NotFound();
        Phone = await reveal.RunAsync(Known.Id, Actor);
        Response.Headers.CacheControl = "no-store";
        return Page();
    }

    private async Task<bool> LoadAsync(int id, TeacherForm? typed)
    {
        var now = clock.GetUtcNow();
        if (await teachers.FindAsync(new TeacherId(id), now) is not { } known) return false;
        Known = known;
        Sessions = await teachers.SessionsAsync(known.Id, now);
        Changes = await teachers.ChangesAsync(known.Id);
        var form = typed ?? TeacherForm.Of(known, await teachers.TradeCodesAsync(known.Id));
        FormView = new TeacherFormView(form, await programmes.TradesAsync(), known.PhoneMasked, known.IdNumberMasked);
        return true;
    }
}
