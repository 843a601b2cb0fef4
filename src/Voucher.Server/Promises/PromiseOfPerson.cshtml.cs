using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Promises;
using Voucher.Server.Portal;

namespace Voucher.Server.Promises;

/// <summary>One promise for one person: every condition met, not met or not known; facts and steps are recorded here.</summary>
[Authorize(Policy = Permission.ReadPromises)]
public sealed class PromiseOfPersonModel(PromiseCatalogue catalogue, PromiseReading reading, PromiseStore store, RecordPromises record, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public string Key { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public Promise Promise { get; private set; } = null!;
    public JudgedPerson Judged { get; private set; } = null!;

    /// <summary>Of this promise, with what was annulled.</summary>
    public IReadOnlyList<RecordedStep> Steps { get; private set; } = [];

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());
    public bool MayRecord => Actor.May(Permission.RecordPromises);
    public IEnumerable<PromiseFactKind> FactKinds => Promise.Conditions.Where(condition => condition.Fact is not null).Select(condition => condition.Fact!.Value);

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    public async Task<IActionResult> OnPostFactAsync(FactForm form) =>
        !MayRecord ? Forbid() : await AfterAsync(() => record.FactAsync(Actor, Key, new PersonId(Id), form), new("事实已登记。", "The fact is recorded."));

    public async Task<IActionResult> OnPostStepAsync(StepForm form) =>
        !MayRecord ? Forbid() : await AfterAsync(() => record.StepAsync(Actor, Key, new PersonId(Id), form), new("已登记。", "Recorded."));

    public async Task<IActionResult> OnPostAnnulAsync(long step, string? reason) =>
        !MayRecord ? Forbid() : await AfterAsync(() => record.AnnulAsync(Actor, step, reason), new("已撤销，原记录保留。", "Annulled; the entry stays on record."));

    private async Task<IActionResult> AfterAsync(Func<Task<Outcome<Nothing>>> act, Words done)
    {
        ModelState.Clear();
        var outcome = await act();
        if (outcome is Outcome<Nothing>.Refused({ Code: RefusalCode.NotFound }) || !await LoadAsync()) return NotFound();
        if (!Accept(outcome)) return Page();
        Done = done.In(Speech.Language);
        return LocalRedirect($"/promises/{Promise.Key}/people/{Id}");
    }

    private async Task<bool> LoadAsync()
    {
        if (catalogue.Find(Key) is not { } promise || (await reading.PeopleAsync(Actor, promise, null, new PersonId(Id))).SingleOrDefault() is not { } judged) return false;
        Promise = promise;
        Judged = judged;
        Steps = [.. (await store.StepsOfPersonAsync(judged.Person.Id)).Where(step => step.Promise == promise.Key)];
        return true;
    }
}
