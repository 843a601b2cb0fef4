using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Matching;
using Voucher.Server.Policies;
using Voucher.Server.Portal;

namespace Voucher.Server.Register.Matching;

/// <summary>One matching: progress, who was found, what differs; hits are dismissed here.</summary>
[Authorize(Policy = Permission.ReadWholeRegister)]
public sealed class MatchResultModel(
    MatchStore matches, DismissHit dismiss, ConfirmAbsence confirm, FeedbackFile feedback, PolicyStore policies, TimeProvider clock) : PortalPage
{
    private const int ProblemsShown = 50;

    [BindProperty(SupportsGet = true, Name = "p")]
    public int? RequestedPage { get; set; }

    [BindProperty(SupportsGet = true)]
    public HitFilter? Filter { get; set; }

    public MatchState Match { get; private set; } = null!;
    public IReadOnlyList<MatchHit> Hits { get; private set; } = [];
    public IReadOnlyList<MatchProblem> ProblemRows { get; private set; } = [];
    public int TotalHits { get; private set; }
    public MatchEffect Effect { get; private set; }
    public Rule Rule { get; private set; } = null!;

    /// <summary>Whose form was sent back.</summary>
    public long Failed { get; private set; }
    public string? Reason { get; private set; }

    /// <summary>What was ticked and typed in the form for several, where it was sent back.</summary>
    public IReadOnlyCollection<long> Ticked { get; private set; } = [];
    public string? ManyReason { get; private set; }
    public string? ManyProblem { get; private set; }

    /// <summary>What was typed in the form that confirms who is missing, where it was sent back.</summary>
    public string? ConfirmReason { get; private set; }
    public string? ConfirmProblem { get; private set; }

    public HitFilter Shown => Filter is { } filter && Enum.IsDefined(filter) ? filter : HitFilter.All;
    public int Pages => Math.Max(1, (TotalHits + PageSize - 1) / PageSize);
    public int PageNumber => Api.ListPage.Clamp(RequestedPage);
    public bool MayDismiss => Actor.May(Permission.DismissMatch);

    public async Task<IActionResult> OnGetAsync(long id) => await LoadAsync(id) ? Page() : NotFound();

    public async Task<IActionResult> OnGetProgressAsync(long id) => await matches.GetAsync(id) is { } match
        ? new JsonResult(new { isOver = match.IsOver, total = match.Rows, done = match.DoneRows })
        : NotFound();

    public async Task<IActionResult> OnGetFeedbackAsync(long id) => await matches.GetAsync(id) is { Status: MatchStatus.Finished } match
        ? feedback.Of(match, $"比对反馈-{id}.xlsx")
        : NotFound();

    public async Task<IActionResult> OnPostDismissAsync(long id, long hit, string? reason)
    {
        if (!MayDismiss) return Forbid();
        ModelState.Clear();
        if (Accept(await dismiss.RunAsync(Actor, id, hit, reason)))
        {
            Done = new Words("已解除，理由记入审计。", "Dismissed; the reason is in the audit trail.").In(Speech.Language);
            return RedirectToPage(new { id, filter = Filter, p = RequestedPage });
        }
        (Failed, Reason) = (hit, reason);
        return await LoadAsync(id) ? Page() : NotFound();
    }

    public async Task<IActionResult> OnPostDismissManyAsync(long id, long[]? hits, string? reason)
    {
        if (!MayDismiss) return Forbid();
        ModelState.Clear();
        if (Accept(await dismiss.RunAsync(Actor, id, hits, reason), out var dismissed))
        {
            Done = new Words($"已解除 {dismissed} 条，理由记入审计。", $"{dismissed} dismissed; the reason is in the audit trail.").In(Speech.Language);
            return RedirectToPage(new { id, filter = Filter, p = RequestedPage });
        }
        (Ticked, ManyReason) = (hits ?? [], reason);
        ManyProblem = ModelState.Values.SelectMany(state => state.Errors).FirstOrDefault()?.ErrorMessage;
        return await LoadAsync(id) ? Page() : NotFound();
    }

    public async Task<IActionResult> OnPostConfirmAsync(long id, string? reason)
    {
        if (!MayDismiss) return Forbid();
        ModelState.Clear();
        if (Accept(await confirm.RunAsync(Actor, id, reason), out var ended))
        {
            Done = new Words($"已确认，{ended} 条以前的结果不再计，理由记入审计。", $"Confirmed: {ended} earlier hits count no more; the reason is in the audit trail.").In(Speech.Language);
            return RedirectToPage(new { id, filter = Filter, p = RequestedPage });
        }
        ConfirmReason = reason;
        ConfirmProblem = ModelState.Values.SelectMany(state => state.Errors).FirstOrDefault()?.ErrorMessage;
        return await LoadAsync(id) ? Page() : NotFound();
    }

    private async Task<bool> LoadAsync(long id)
    {
        if (await matches.GetAsync(id) is not { } match) return false;
        Match = match;
        (Hits, TotalHits) = match.Status == MatchStatus.Finished
            ? await matches.HitsAsync(id, Shown, (PageNumber - 1) * PageSize, PageSize)
            : ([], 0);
        ProblemRows = await matches.ProblemsAsync(id, ProblemsShown);
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow()));
        (Effect, Rule) = (policy.Parameters.EffectOf(match.Source), policy.RuleOf(Clause.Matching));
        return true;
    }
}
