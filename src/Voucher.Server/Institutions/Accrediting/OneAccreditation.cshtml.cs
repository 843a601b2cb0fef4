using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;
using Voucher.Server.Programmes;
using Voucher.Server.Teachers;

namespace Voucher.Server.Institutions.Accrediting;

/// <summary>One accreditation: the application, what is missing, inspection, verdict by two persons, suspension and withdrawal, history.</summary>
[Authorize(Policy = Permission.ReadInstitutions)]
public sealed class OneAccreditationModel(
    AccreditationStore accreditations, ProgrammeStore programmes, TeacherStore teachers, DrawUpAccreditation draw, JudgeAccreditation judge,
    StopInstitution stop, TimeProvider clock) : PortalPage
{
    /// <summary>Empty rows for practice places beside those that are there.</summary>
    private const int SparePlaces = 2;

    /// <summary>Teachers that the form lets one choose from.</summary>
    private const int MostTeachers = 300;

    public AccreditationDetail Known { get; private set; } = null!;

    public ApplicationForm Form { get; private set; } = ApplicationForm.Empty;

    public GrantForm Grant { get; private set; } = new(null, null, null, null, null);

    public IReadOnlyList<Programme> Menu { get; private set; } = [];

    public IReadOnlyList<Teacher> Pool { get; private set; } = [];

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    public AccreditationRecord Record => Known.Record;

    /// <summary>Rows of the form: the places, and some to fill in.</summary>
    public IReadOnlyList<PlaceForm> PlaceRows => [.. (Form.Places ?? []).Select(place => place ?? Blank), .. Enumerable.Repeat(Blank, SparePlaces)];

    public bool MayDraw => Record.State == AccreditationState.Draft && Actor.May(Permission.DrawUpAccreditation);

    public bool MaySecond => Record.Proposal != AccreditationProposal.None && Actor.May(Permission.DecideAccreditation);

    private static PlaceForm Blank => new(null, null, null);

    public async Task<IActionResult> OnGetAsync(long id) => await LoadAsync(id, null) ? Page() : NotFound();

    public async Task<IActionResult> OnPostSaveAsync(long id, ApplicationForm form)
    {
        if (!Actor.May(Permission.DrawUpAccreditation)) return Forbid();
        return await AfterAsync(id, await draw.SaveAsync(new AccreditationId(id), form, Actor), new("草稿已保存", "The draft is saved"), form);
    }

    /// <summary>Saves what is typed, then hands it in.</summary>
    public async Task<IActionResult> OnPostSubmitAsync(long id, ApplicationForm form)
    {
        if (!Actor.May(Permission.DrawUpAccreditation)) return Forbid();
        var saved = await draw.SaveAsync(new AccreditationId(id), form, Actor);
        if (saved is not Outcome<Nothing>.Done) return await AfterAsync(id, saved, new("", ""), form);
        return await AfterAsync(id, await draw.SubmitAsync(new AccreditationId(id), Actor), new("已提交，等待县人社局勘验", "Handed in; the county will inspect"));
    }

    public Task<IActionResult> OnPostTakeBackAsync(long id) =>
        RunAsync(id, Permission.DrawUpAccreditation, key => draw.TakeBackAsync(key, Actor), new("申请已撤回", "The application is taken back"));

    public Task<IActionResult> OnPostSendBackAsync(long id, string? reason) =>
        RunAsync(id, Permission.HandleAccreditation, key => judge.SendBackAsync(key, reason, Actor), new("已退回补正", "Sent back"));

    public Task<IActionResult> OnPostInspectAsync(long id, DateOnly? on, string? finding) =>
        RunAsync(id, Permission.HandleAccreditation, key => judge.InspectAsync(key, on, finding, Actor), new("勘验已记录", "The inspection is recorded"));

    public async Task<IActionResult> OnPostGrantAsync(long id, GrantForm grant)
    {
        Grant = grant;
        return await RunAsync(id, Permission.HandleAccreditation, key => judge.ProposeGrantAsync(key, grant, Actor), new("已提出认定意见，待另一人确认", "Proposed; a second person confirms"));
    }

    public Task<IActionResult> OnPostRefusalAsync(long id, string? reason) =>
        RunAsync(id, Permission.HandleAccreditation, key => judge.ProposeRefusalAsync(key, reason, Actor), new("已提出不予认定意见，待另一人确认", "Proposed; a second person confirms"));

    public Task<IActionResult> OnPostConfirmAsync(long id, string? reason) =>
        RunAsync(id, Permission.DecideAccreditation, key => judge.ConfirmAsync(key, reason, Actor), new("已确认", "Confirmed"));

    public Task<IActionResult> OnPostReturnAsync(long id, string? reason) =>
        RunAsync(id, Permission.DecideAccreditation, key => judge.ReturnAsync(key, reason, Actor), new("已退回", "Turned down"));

    public Task<IActionResult> OnPostSuspendAsync(long id, DateOnly? until, string? reason) =>
        RunAsync(id, Permission.HandleAccreditation, key => stop.SuspendAsync(key, until, reason, Actor), new("已暂停，终端即时生效", "Suspended; its terminals are told"));

    public Task<IActionResult> OnPostLiftAsync(long id, string? reason) =>
        RunAsync(id, Permission.DecideAccreditation, key => stop.LiftAsync(key, reason, Actor), new("已恢复", "Lifted"));

    public Task<IActionResult> OnPostWithdrawAsync(long id, string? reason) =>
        RunAsync(id, Permission.HandleAccreditation, key => stop.ProposeWithdrawalAsync(key, reason, Actor), new("已提出取消认定并先行暂停，待另一人确认", "Withdrawal proposed and suspended; a second person confirms"));

    private async Task<IActionResult> RunAsync(long id, string permission, Func<AccreditationId, Task<Outcome<Nothing>>> step, Words done) =>
        Actor.May(permission) ? await AfterAsync(id, await step(new AccreditationId(id)), done) : Forbid();

    private async Task<IActionResult> AfterAsync(long id, Outcome<Nothing> outcome, Words done, ApplicationForm? typed = null)
    {
        if (outcome is Outcome<Nothing>.Refused({ Code: RefusalCode.NotFound })) return NotFound();
        if (!Accept(outcome)) return await LoadAsync(id, typed) ? Page() : NotFound();
        Done = done.In(Speech.Language);
        return LocalRedirect($"/accreditations/{id}");
    }

    private async Task<bool> LoadAsync(long id, ApplicationForm? typed)
    {
        if (await accreditations.DetailAsync(new AccreditationId(id), Actor) is not { } known) return false;
        Known = known;
        Form = typed ?? ApplicationForm.Of(known);
        if (!MayDraw) return true;
        Menu = [.. (await programmes.ListAsync()).Where(programme => programme.IsOpen)];
        Pool = [.. (await teachers.ListAsync(new TeacherFilter(null, null, EngagedOnly: true, Name: null, Page: 1), MostTeachers, clock.GetUtcNow()))
            .Where(teacher => !teacher.HasLeftOn(Today))];
        return true;
    }
}
