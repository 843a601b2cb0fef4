using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Journals;
using Voucher.Server.Journals.Faults;
using Voucher.Server.Portal;

namespace Voucher.Server.Journals.Conflicts;

/// <summary>报到争议: enrolments that contest each other, what speaks for each, and the decision of two persons.</summary>
[Authorize(Policy = Permission.ReadConflicts)]
public sealed class ConflictsModel(ConflictReading conflicts, TerminalJournalReading journals, DecideConflict decide) : PortalPage
{
    /// <summary>The case that a step was tried on, so that its form keeps what was typed.</summary>
    [BindProperty]
    public long? Case { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public string? Choice { get; set; }

    /// <summary>How many claims the person saw.</summary>
    [BindProperty]
    public int? Claims { get; set; }

    public IReadOnlyList<ConflictDetail> Open { get; private set; } = [];
    public IReadOnlyList<ConflictDetail> Closed { get; private set; } = [];
    public long OpenCount { get; private set; }

    /// <summary>Terminals whose journal a person has to look at.</summary>
    public IReadOnlyList<DoubtedTerminal> Terminals { get; private set; } = [];

    public bool MayDecide => Actor.May(Permission.DecideConflict);

    public string? FaultOf(long id, string field) =>
        Case == id && ModelState.TryGetValue(field, out var entry) && entry.Errors.Count > 0 ? entry.Errors[0].ErrorMessage : null;

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostProposeAsync()
    {
        if (!MayDecide) return Forbid();
        return await AfterAsync(
            await decide.ProposeAsync(Case ?? 0, ConflictChoice.Read(Choice), Reason, Claims, Actor),
            new("已提出意见，等另一位同事裁定。", "proposed; another colleague decides."));
    }

    public async Task<IActionResult> OnPostDecideAsync(string? verdict)
    {
        if (!MayDecide) return Forbid();
        var step = DecideConflict.ReadVerdict(verdict);
        return await AfterAsync(await decide.DecideAsync(Case ?? 0, step, Reason, Claims, Actor), step == ConflictStepKind.Decided
            ? new("已裁定，各处终端都会收到同一案号的结果。", "decided; every desk is told under the same number.")
            : new("已退回，请重新提出意见。", "sent back; somebody proposes anew."));
    }

    private async Task<IActionResult> AfterAsync(Outcome<Nothing> outcome, Words done)
    {
        if (!Accept(outcome))
        {
            await LoadAsync();
            return Page();
        }
        Done = $"{ConflictCase.NumberOf(Case!.Value)} {done.In(Speech.Language)}";
        return RedirectToPage();
    }

    private async Task LoadAsync()
    {
        Open = await conflicts.ListAsync(open: true, 0, ConflictReading.PageSize);
        Closed = await conflicts.ListAsync(open: false, 0, ConflictReading.PageSize);
        OpenCount = await conflicts.CountOpenAsync();
        Terminals = await journals.DoubtedAsync();
    }
}
