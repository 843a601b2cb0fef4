using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Publishing;

/// <summary>公示: what waits to be put up, the form that does it, and all lists.</summary>
[Authorize(Policy = Permission.ReadPayments)]
public sealed class PublicationsModel(PublicationReading publications, ObjectionReading objections, Publish publish, County county, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    [BindProperty]
    public int? InstitutionId { get; set; }

    [BindProperty]
    public long? ClaimId { get; set; }

    [BindProperty]
    public string? Heading { get; set; }

    [BindProperty]
    public DateOnly? From { get; set; }

    [BindProperty]
    public int? WorkingDays { get; set; }

    [BindProperty]
    public string? Phone { get; set; }

    [BindProperty]
    public string? Place { get; set; }

    public IReadOnlyList<WaitingClaim> Waiting { get; private set; } = [];
    public IReadOnlyList<PublicationSummary> Publications { get; private set; } = [];
    public bool HasMore { get; private set; }
    public int OpenObjections { get; private set; }
    public DateOnly Today { get; private set; }

    public Fen WaitingTotal => Waiting.Aggregate(Fen.Zero, (sum, one) => sum + one.AmountFen);

    public string? FaultOf(string field) => ModelState.TryGetValue(field, out var entry) && entry.Errors.Count > 0 ? entry.Errors[0].ErrorMessage : null;

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!Actor.May(Permission.Publish)) return Forbid();
        if (ModelState.IsValid && Accept(await publish.RunAsync(Actor, new PublicationForm(InstitutionId, ClaimId, Heading, From, WorkingDays, Phone, Place)), out var id))
        {
            Done = new Words("公示已发布。", "The list is published.").In(Speech.Language);
            return LocalRedirect($"/settling/publications/{id}");
        }
        await LoadAsync();
        return Page();
    }

    private async Task LoadAsync()
    {
        Number = ListPage.Clamp(Number);
        Today = CountyTime.DayOf(clock.GetUtcNow());
        Phone ??= county.Phone;
        Waiting = await publications.WaitingAsync();
        OpenObjections = await objections.CountOpenAsync();
        var page = await publications.ListAsync((Number - 1) * PageSize, PageSize + 1);
        (Publications, HasMore) = ([.. page.Take(PageSize)], page.Count > PageSize);
    }
}
