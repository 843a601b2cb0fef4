using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Publishing;

/// <summary>异议: open ones by their deadline, decided by two persons; and what was decided.</summary>
[Authorize(Policy = Permission.ReadPayments)]
public sealed class ObjectionsModel(ObjectionReading objections, DecideObjection decide, RevealObjector reveal, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    /// <summary>The objection that a step was tried on, so that its form keeps what was typed.</summary>
    [BindProperty]
    public long? Objection { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public string? Why { get; set; }

    public IReadOnlyList<ObjectionDetail> Open { get; private set; } = [];
    public IReadOnlyList<ObjectionDetail> Decided { get; private set; } = [];
    public bool HasMore { get; private set; }
    public int OpenCount { get; private set; }
    public DateOnly Today { get; private set; }

    /// <summary>Who objected, shown once to the one who asked.</summary>
    public string? Objector { get; private set; }

    public bool MayDecide => Actor.May(Permission.DecideObjection);

    public string? FaultOf(long id, string field) =>
        Objection == id && ModelState.TryGetValue(field, out var entry) && entry.Errors.Count > 0 ? entry.Errors[0].ErrorMessage : null;

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostStepAsync(string? step)
    {
        if (!MayDecide) return Forbid();
        if (ModelState.IsValid && Accept(await decide.RunAsync(Actor, Objection ?? 0, DecideObjection.ReadStep(step), Reason), out var state))
        {
            Done = $"{ObjectionDetail.NumberOf(Objection!.Value)} {state.Name().In(Speech.Language)}";
            return RedirectToPage();
        }
        await LoadAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostRevealAsync()
    {
        if (!MayDecide) return Forbid();
        if (ModelState.IsValid && Accept(await reveal.RunAsync(Actor, Objection ?? 0, Why), out var objector)) Objector = objector;
        await LoadAsync();
        return Page();
    }

    private async Task LoadAsync()
    {
        Number = ListPage.Clamp(Number);
        Today = CountyTime.DayOf(clock.GetUtcNow());
        Open = await objections.ListAsync(open: true, 0, PageSize);
        OpenCount = await objections.CountOpenAsync();
        var page = await objections.ListAsync(open: false, (Number - 1) * PageSize, PageSize + 1);
        (Decided, HasMore) = ([.. page.Take(PageSize)], page.Count > PageSize);
    }
}
