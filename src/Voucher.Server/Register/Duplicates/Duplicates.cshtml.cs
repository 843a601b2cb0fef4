using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Register.Duplicates;

/// <summary>重复核对: doubtful rows and people who may be in the register twice; a person decides on each.</summary>
[Authorize(Policy = Permission.ReadWholeRegister)]
public sealed class DuplicatesModel(DuplicateStore cases, DecideDuplicate decide, FindDoubles doubles) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "p")]
    public int? RequestedPage { get; set; }

    [BindProperty(SupportsGet = true)]
    public DuplicateKind? Kind { get; set; }

    [BindProperty(SupportsGet = true)]
    public CaseFilter? Filter { get; set; }

    public IReadOnlyList<DuplicateCase> Cases { get; private set; } = [];
    public IReadOnlyDictionary<DuplicateKind, int> Counts { get; private set; } = new Dictionary<DuplicateKind, int>();
    public int Total { get; private set; }

    /// <summary>Whose form was sent back.</summary>
    public long Failed { get; private set; }
    public string? Reason { get; private set; }

    public CaseFilter Shown => Filter is { } filter && Enum.IsDefined(filter) ? filter : CaseFilter.Open;
    public DuplicateKind? ShownKind => Kind is { } kind && Enum.IsDefined(kind) ? kind : null;
    public int PageNumber => Api.ListPage.Clamp(RequestedPage);
    public int Pages => Math.Max(1, (Total + PageSize - 1) / PageSize);
    public bool MayDecide => Actor.May(Permission.DecideDuplicate);

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostDecideAsync(long id, string? decision, string? reason)
    {
        if (!MayDecide) return Forbid();
        ModelState.Clear();
        if (Accept(await decide.RunAsync(Actor, id, DuplicateEndpoints.Read(decision), reason)))
            return Back(new("已决定，理由记入审计。", "Decided; the reason is in the audit trail."));
        (Failed, Reason) = (id, reason);
        await LoadAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostSearchAsync()
    {
        if (!MayDecide) return Forbid();
        var found = await doubles.RunAsync(Actor);
        return Back(found == 0
            ? new("没有找到新的疑似重复。", "No new pairs were found.")
            : new($"找到 {found} 对疑似重复，请逐对核对。", $"{found} pairs found; decide on each."));
    }

    private RedirectToPageResult Back(Words done)
    {
        Done = done.In(Speech.Language);
        return RedirectToPage(new { kind = ShownKind, filter = Filter, p = RequestedPage });
    }

    private async Task LoadAsync()
    {
        (Cases, Total) = await cases.PageAsync(Shown, ShownKind, PageNumber, PageSize);
        Counts = await cases.CountsAsync();
    }
}
