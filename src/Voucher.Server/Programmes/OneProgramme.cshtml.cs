using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Programmes;
using Voucher.Server.Policies;
using Voucher.Server.Programmes.Orders;

namespace Voucher.Server.Programmes;

/// <summary>One programme: everybody reads, a clerk changes.</summary>
[Authorize(Policy = Permission.ReadInstitutions)]
public sealed class OneProgrammeModel(
    ProgrammeStore programmes, SaveProgramme save, OrderStore orders, PlaceOrder place, PolicyStore policies, TimeProvider clock)
    : ProgrammeFormPage(programmes, policies, clock)
{
    private readonly ProgrammeStore _programmes = programmes;

    public Programme Known { get; private set; } = null!;

    public IReadOnlyList<(InstitutionId Id, string Name)> Teachers { get; private set; } = [];

    public IReadOnlyList<ProgrammeOrder> Orders { get; private set; } = [];

    public OrderForm OrderTyped { get; private set; } = OrderForm.Empty;

    public bool ShowsOrders => Known.Kind.NeedsEmployer() || Orders.Count > 0;

    public SubsidyInForce Subsidy => SubsidyInForce.Of(Known, Policy);

    public Words? Warning => PracticeWarning.For(Known.Hours, Policy.Parameters.PracticePercent);

    public async Task<IActionResult> OnGetAsync(int id)
    {
        if (!await LoadAsync(id)) return NotFound();
        await ShowKnownAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(int id)
    {
        if (!Actor.May(Permission.EditInstitutions)) return Forbid();
        if (Accept(await save.ChangeAsync(new ProgrammeId(id), Typed, Actor), out var saved))
        {
            Done = Say(saved);
            return RedirectToPage();
        }
        if (!await LoadAsync(id)) return NotFound();
        Form = Form with { Code = Known.Code };
        await ShowFormAsync(isNew: false);
        return Page();
    }

    public async Task<IActionResult> OnPostOrderAsync(int id, OrderForm placed)
    {
        ModelState.Clear(); // Of the programme's own form, which was not sent.
        OrderTyped = placed;
        return !Actor.May(Permission.EditInstitutions)
            ? Forbid()
            : await AfterAsync(id, await place.RunAsync(new ProgrammeId(id), placed, Actor), new("订单已登记", "The order is entered"));
    }

    public async Task<IActionResult> OnPostHiredAsync(int id, int order, int? hired)
    {
        ModelState.Clear();
        return !Actor.May(Permission.EditInstitutions)
            ? Forbid()
            : await AfterAsync(id, await place.RecordHiredAsync(new ProgrammeId(id), order, hired, Actor), new("录用人数已记录", "Recorded"));
    }

    private async Task<IActionResult> AfterAsync<T>(int id, Outcome<T> outcome, Words done)
    {
        if (outcome is Outcome<T>.Refused({ Code: RefusalCode.NotFound }) || !await LoadAsync(id)) return NotFound();
        if (!Accept(outcome))
        {
            await ShowKnownAsync();
            return Page();
        }
        Done = done.In(Portal.Speech.Language);
        return LocalRedirect($"/programmes/{id}#orders");
    }

    private async Task ShowKnownAsync()
    {
        (Form, SubsidyYuan) = (ProgrammeForm.Of(Known), Known.SubsidyFen.ToString());
        if (Actor.May(Permission.EditInstitutions)) await ShowFormAsync(isNew: false);
    }

    private async Task<bool> LoadAsync(int id)
    {
        if (await _programmes.FindAsync(new ProgrammeId(id)) is not { } known) return false;
        Known = known;
        Teachers = await _programmes.TeachersAsync(known.Id);
        Orders = await orders.ListAsync(known.Id);
        await LoadPolicyAsync();
        return true;
    }
}
