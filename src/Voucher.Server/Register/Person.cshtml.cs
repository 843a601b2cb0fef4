using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;
using Voucher.Server.Programmes;
using Voucher.Server.Register.Lists;
using Voucher.Server.Register.Matching;
using Voucher.Server.Settling.Allowances;

namespace Voucher.Server.Register;

/// <summary>One person: what is registered, their wishes, lists and vouchers; the full number only on request and with a reason.</summary>
[Authorize(Policy = Permission.ReadPeople)]
public sealed class PersonModel(
    PersonStore people, ListStore lists, ListMembers members, ChangePerson change, ProgrammeStore programmes, Unmasking unmasking,
    DismissalStore dismissals, DismissHit dismiss, AllowanceReading allowances, TimeProvider clock) : PortalPage
{
    public PersonSheet Person { get; private set; } = null!;
    public Merging Merging { get; private set; } = null!;
    public IReadOnlyList<VoucherOfPerson> Vouchers { get; private set; } = [];
    public IReadOnlyList<PersonList> OnLists { get; private set; } = [];
    public IReadOnlyList<PersonList> OtherLists { get; private set; } = [];
    public IReadOnlyList<Trade> Trades { get; private set; } = [];

    /// <summary>The county's own matter; empty for everybody else.</summary>
    public IReadOnlyList<HitOfPerson> Matches { get; private set; } = [];

    public IReadOnlyList<AllowanceEntry> Allowances { get; private set; } = [];

    public string? DismissalReason { get; private set; }
    public string? DismissalProblem { get; private set; }
    public bool MayDismiss => Actor.May(Permission.DismissMatch);
    public string? Revealed { get; private set; }
    public string? Reason { get; private set; }

    public string? ReasonProblem => ModelState["reason"]?.Errors.FirstOrDefault()?.ErrorMessage;
    public string? WishProblem => ModelState["wishTrades"]?.Errors.FirstOrDefault()?.ErrorMessage;
    public int Age => PeopleModel.AgeOn(Person.BirthDate, Today);

    private DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    /// <summary>An institution's own people read the training file, which holds no more than they need.</summary>
    public async Task<IActionResult> OnGetAsync(long id)
    {
        if (!Actor.May(Permission.ReadHouseholds)) return LocalRedirect($"/register/people/{id}/file");
        return await LoadAsync(id) ? Page() : NotFound();
    }

    public async Task<IActionResult> OnPostRevealAsync(long id, string? reason)
    {
        if (!Actor.May(Permission.ReadWholeRegister)) return Forbid();
        if (!await LoadAsync(id)) return NotFound();
        ModelState.Clear();
        Reason = reason;
        if (Accept(await unmasking.RevealAsync(new PersonId(id), reason, Actor), out var number))
        {
            Revealed = number.Reveal();
            Response.Headers.CacheControl = "no-store";
        }
        return Page();
    }

    public async Task<IActionResult> OnPostWishesAsync(long id, int[]? wishTrades)
    {
        if (!Actor.May(Permission.RecordWishes)) return Forbid();
        ModelState.Clear();
        if (Accept(await change.RecordWishesAsync(new PersonId(id), wishTrades, Actor)))
        {
            Done = new Words("培训意愿已登记", "The wishes are recorded").In(Speech.Language);
            return RedirectToPage(new { id });
        }
        return await LoadAsync(id) ? Page() : NotFound();
    }

    public Task<IActionResult> OnPostPutOnAsync(long id, int list) => ChangeListAsync(id, () => members.PutOnAsync(list, new PersonId(id), Actor));

    public Task<IActionResult> OnPostTakeOffAsync(long id, int list) => ChangeListAsync(id, () => members.TakeOffAsync(list, new PersonId(id), Actor));

    /// <param name="hits">Those that the page showed: what was found meanwhile is not dismissed unseen.</param>
    public async Task<IActionResult> OnPostDismissAsync(long id, long[]? hits, string? reason)
    {
        if (!MayDismiss) return Forbid();
        ModelState.Clear();
        if (Accept(await dismiss.OfPersonAsync(Actor, new PersonId(id), hits, reason), out var dismissed))
        {
            Done = new Words($"已解除 {dismissed} 条，理由记入审计。", $"{dismissed} dismissed; the reason is in the audit trail.").In(Speech.Language);
            return RedirectToPage(new { id });
        }
        (DismissalReason, DismissalProblem) = (reason, ModelState.Values.SelectMany(state => state.Errors).FirstOrDefault()?.ErrorMessage);
        ModelState.Clear(); // The same name stands in the form for the full number.
        return await LoadAsync(id) ? Page() : NotFound();
    }

    /// <summary>Expired is derived from time, never stored.</summary>
    public Words StateOf(VoucherOfPerson voucher) =>
        voucher.State is VoucherState.Issued or VoucherState.Claimed && voucher.ValidUntil < Today ? VoucherStates.Expired : voucher.State.Name();

    private async Task<IActionResult> ChangeListAsync(long id, Func<Task<Outcome<Nothing>>> change)
    {
        if (!Actor.May(Permission.EditRegister)) return Forbid();
        ModelState.Clear();
        if (Accept(await change())) return RedirectToPage(new { id });
        return await LoadAsync(id) ? Page() : NotFound();
    }

    private async Task<bool> LoadAsync(long id)
    {
        if (!Actor.May(Permission.ReadHouseholds) || await people.GetAsync(RegisterScope.Of(Actor), new PersonId(id)) is not { } person) return false;
        Person = person;
        Merging = await people.MergingAsync(RegisterScope.Of(Actor), person);
        Vouchers = await people.VouchersOfAsync(person.Id);
        OnLists = await lists.OfPersonAsync(person.Id);
        if (Actor.May(Permission.EditRegister) && !person.IsGone) OtherLists = [.. (await lists.NamesAsync()).Where(list => OnLists.All(on => on.Id != list.Id))];
        if (Actor.May(Permission.ReadWholeRegister)) Matches = await dismissals.OfPersonAsync(person.Id);
        if (Actor.May(Permission.ReadAllowances)) Allowances = await allowances.OfPersonAsync(person.Id);
        Trades = await programmes.TradesAsync();
        return true;
    }
}
