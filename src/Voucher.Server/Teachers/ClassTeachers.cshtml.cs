using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Classes;
using Voucher.Server.Portal;

namespace Voucher.Server.Teachers;

/// <summary>Who teaches a class, session by session.</summary>
[Authorize(Policy = Permission.ReadClasses)]
public sealed class ClassTeachersModel(ClassStore classes, AssignmentStore assignments, AssignTeacher assign, TimeProvider clock) : PortalPage
{
    public TrainingClass Known { get; private set; } = null!;

    public IReadOnlyList<ClassSession> Sessions { get; private set; } = [];

    public IReadOnlyDictionary<SessionId, string> Names { get; private set; } = new Dictionary<SessionId, string>();

    public IReadOnlyList<ClassTeacher> Teachers { get; private set; } = [];

    public IReadOnlyList<TeacherChoice> Choices { get; private set; } = [];

    public bool MayAssign => Actor.May(Permission.AssignTeachers) && Known.Status != ClassStatus.Refused;

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public async Task<IActionResult> OnGetAsync(long id)
    {
        if (await classes.FindAsync(new ClassId(id), Actor) is not { } known) return NotFound();
        Known = known;
        Sessions = await classes.SessionsAsync(known.Id);
        Names = await assignments.BySessionAsync(known.Id);
        Teachers = await assignments.OfClassAsync(known.Id);
        if (MayAssign) Choices = await assignments.ChoicesAsync(known);
        return Page();
    }

    public async Task<IActionResult> OnPostAssignAsync(long id, int? teacherId, long[]? sessionIds) =>
        await AfterAsync(id, () => assign.RunAsync(new ClassId(id), teacherId, sessionIds, Actor), new("老师已安排", "The teacher is assigned"));

    public async Task<IActionResult> OnPostRemoveAsync(long id, int? teacherId) =>
        await AfterAsync(id, () => assign.RemoveAsync(new ClassId(id), teacherId, Actor), new("已撤下这位老师未上的课", "Taken out of the sessions to come"));

    private async Task<IActionResult> AfterAsync<T>(long id, Func<Task<Outcome<T>>> run, Words done)
    {
        if (!Actor.May(Permission.AssignTeachers)) return Forbid();
        var outcome = await run();
        if (outcome is Outcome<T>.Refused({ Code: RefusalCode.NotFound })) return NotFound();
        if (!Accept(outcome)) return await OnGetAsync(id);
        Done = done.In(Speech.Language);
        return LocalRedirect($"/classes/{id}/teachers");
    }
}
