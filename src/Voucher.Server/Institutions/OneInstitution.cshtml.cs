using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Institutions.Accrediting;
using Voucher.Server.Institutions.Marking;
using Voucher.Server.Portal;
using Voucher.Server.Programmes;

namespace Voucher.Server.Institutions;

/// <summary>One institution: how it stands, its accreditations, marks, teachers and programmes; its people read, a clerk changes.</summary>
[Authorize(Policy = Permission.ReadInstitutions)]
public sealed class OneInstitutionModel(
    InstitutionStore institutions, AccreditationStore accreditations, MarkStore marks, ProgrammeStore programmes, SaveInstitution save,
    DrawUpAccreditation draw, MarkInstitution mark, TimeProvider clock) : PortalPage
{
    [BindProperty]
    public InstitutionForm Form { get; set; } = InstitutionForm.Empty;

    public Institution Known { get; private set; } = null!;

    public InstitutionStanding Standing { get; private set; } = null!;

    public IReadOnlyList<AccreditationRecord> History { get; private set; } = [];

    /// <summary>The accreditation behind the standing, with teachers and places.</summary>
    public AccreditationDetail? Behind { get; private set; }

    public IReadOnlyList<InstitutionMark> Marks { get; private set; } = [];

    public MarkForm Marking { get; private set; } = MarkForm.Empty;

    public IReadOnlyList<Trade> Trades { get; private set; } = [];

    public IReadOnlyList<Programme> Taught { get; private set; } = [];

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    /// <summary>Years that an application may be begun for.</summary>
    public IReadOnlyList<int> OpenYears => [.. Enumerable.Range(Today.Year, DrawUpAccreditation.YearsAhead + 1).Where(year => History.All(one => !IsTaken(one, year)))];

    public async Task<IActionResult> OnGetAsync(int id)
    {
        if (!await LoadAsync(id)) return NotFound();
        Form = InstitutionForm.Of(Known);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(int id)
    {
        if (!Actor.May(Permission.EditInstitutions)) return Forbid();
        if (!Accept(await save.ChangeAsync(new InstitutionId(id), Form, Actor))) return await LoadAsync(id) ? Page() : NotFound();
        Done = new Words("已保存", "Saved").In(Speech.Language);
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostStartAsync(int id, int? year)
    {
        if (!Actor.May(Permission.DrawUpAccreditation)) return Forbid();
        if (Accept(await draw.StartAsync(new InstitutionId(id), year, Actor), out var started)) return LocalRedirect($"/accreditations/{started}");
        return await OnGetAsync(id);
    }

    public async Task<IActionResult> OnPostMarkAsync(int id, MarkForm marking)
    {
        if (!Actor.May(Permission.EditInstitutions)) return Forbid();
        if (Accept(await mark.AddAsync(new InstitutionId(id), marking, Actor)))
        {
            Done = new Words("标记已登记", "The mark is recorded").In(Speech.Language);
            return RedirectToPage();
        }
        Marking = marking;
        return await OnGetAsync(id);
    }

    public async Task<IActionResult> OnPostEndMarkAsync(int id, int markId, string? reason)
    {
        if (!Actor.May(Permission.EditInstitutions)) return Forbid();
        if (!Accept(await mark.EndAsync(markId, reason, Actor))) return await OnGetAsync(id);
        Done = new Words("标记已撤下", "The mark is ended").In(Speech.Language);
        return RedirectToPage();
    }

    private static bool IsTaken(AccreditationRecord one, int year) => one.Year == year && !one.IsTakenOver
        && one.State is not (AccreditationState.Refused or AccreditationState.Withdrawn or AccreditationState.TakenBack);

    private async Task<bool> LoadAsync(int id)
    {
        if (!Actor.MayActFor(new InstitutionId(id)) || await institutions.FindAsync(new InstitutionId(id)) is not { } known) return false;
        Known = known;
        History = await accreditations.ListAsync(new AccreditationFilter(null, null, null, null, known.Id, Waits: false, Page: 1), PageSize);
        Standing = InstitutionStanding.Of(known, History, Today);
        Behind = Standing.Behind is { } behind ? await accreditations.DetailAsync(behind.Id, Actor) : null;
        Marks = await marks.ListAsync(known.Id);
        Trades = await programmes.TradesAsync();
        Taught = await programmes.TaughtByAsync(known.Id);
        return true;
    }
}
