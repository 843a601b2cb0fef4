using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Retaining;

/// <summary>留存资金: what is due when and of whom, lists that release or forfeit, each by two persons.</summary>
[Authorize(Policy = Permission.ReadPayments)]
public sealed class RetainedModel(RetainedReading retained, DraftRetained draft, DecideRetained decide) : PortalPage
{
    /// <summary>Lists shown; all are in the export.</summary>
    private const int MostLists = 20;

    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    [BindProperty(SupportsGet = true, Name = "institution")]
    public int? Institution { get; set; }

    [BindProperty]
    public List<long> Lines { get; set; } = [];

    [BindProperty]
    public long? List { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public IReadOnlyList<RetainedOfInstitution> Institutions { get; private set; } = [];
    public IReadOnlyList<RetainedLine> Shown { get; private set; } = [];
    public IReadOnlyList<RetainedListSummary> Lists { get; private set; } = [];
    public bool HasMore { get; private set; }

    public bool MayDraft => Actor.May(Permission.Publish);
    public bool MayDecide => Actor.May(Permission.ApproveClaim);

    public Task OnGetAsync() => LoadAsync();

    public Task<IActionResult> OnPostReleaseAsync() => DraftAsync(() => draft.ReleaseDueAsync(Actor, Institution, Reason));

    public Task<IActionResult> OnPostForfeitAsync() => DraftAsync(() => draft.ForfeitAsync(Actor, Lines, Reason));

    public async Task<IActionResult> OnPostDecideAsync(string? verdict)
    {
        if (!MayDecide) return Forbid();
        if (ModelState.IsValid && Accept(await decide.RunAsync(Actor, List ?? 0, RetainedEndpoints.ReadVerdict(verdict), Reason)))
            return Say(new($"名单 {List} 已办理。", $"List {List} is decided."));
        return await ShowAsync();
    }

    private async Task<IActionResult> DraftAsync(Func<Task<Outcome<long>>> run)
    {
        if (!MayDraft) return Forbid();
        if (ModelState.IsValid && Accept(await run(), out var id)) return Say(new($"名单 {id} 已拟定，等另一位同事批准。", $"List {id} is drafted; another colleague approves it."));
        return await ShowAsync();
    }

    private RedirectToPageResult Say(Words done)
    {
        Done = done.In(Speech.Language);
        return RedirectToPage(new { institution = Institution });
    }

    private async Task<IActionResult> ShowAsync()
    {
        await LoadAsync();
        return Page();
    }

    private async Task LoadAsync()
    {
        Number = ListPage.Clamp(Number);
        Institutions = await retained.ByInstitutionAsync();
        Lists = await retained.ListsAsync(0, MostLists);
        var page = await retained.ListAsync(Institution, (Number - 1) * PageSize, PageSize + 1);
        (Shown, HasMore) = ([.. page.Take(PageSize)], page.Count > PageSize);
    }
}
