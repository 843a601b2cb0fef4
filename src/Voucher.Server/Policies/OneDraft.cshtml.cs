using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;
using Voucher.Server.Programmes;

namespace Voucher.Server.Policies;

/// <summary>One draft: what it would change, and what is to be done with it.</summary>
[Authorize(Policy = Permission.ReadPolicies)]
public sealed class OneDraftModel(
    PolicyDraftStore drafts, PolicyStore policies, ProgrammeStore programmes, DraftPolicy draft, DecidePolicy decide, TimeProvider clock) : PortalPage
{
    public PolicyDraft Draft { get; private set; } = null!;

    /// <summary>What the draft is compared with: the rule of today, or the last one that there was.</summary>
    public Policy InForce { get; private set; } = null!;

    /// <summary>With the draft in force: the first day on which the county would have no rule.</summary>
    public DateOnly? FirstWithoutRule { get; private set; }

    public TradeNames Trades { get; private set; } = new([]);

    public IReadOnlyList<PolicyChange> Changes => PolicyComparison.Of(InForce, Draft.Pack, Trades.Of);

    public IReadOnlyList<PolicyLine> Lines => PolicyLines.Of(Draft.Pack, Trades.Of);

    public bool IsOwn => Draft.DraftedByStaff == Actor.Staff && Actor.May(Permission.EditPolicies);

    public bool MayDecide => Draft.Status == PolicyDraftStatus.Submitted && Actor.May(Permission.ApprovePolicies);

    public async Task<IActionResult> OnGetAsync(int id) => await LoadAsync(id) ? Page() : NotFound();

    public Task<IActionResult> OnPostSubmitAsync(int id) => ActAsync(
        id, Permission.EditPolicies, () => draft.SubmitAsync(id, Actor), ("已提交，等待另一人审批。", "Handed in; another person decides."));

    public Task<IActionResult> OnPostWithdrawAsync(int id) => ActAsync(
        id, Permission.EditPolicies, () => draft.WithdrawAsync(id, Actor), ("草案已撤回。", "The draft is withdrawn."));

    public Task<IActionResult> OnPostApproveAsync(int id) => ActAsync(
        id, Permission.ApprovePolicies, () => decide.ApproveAsync(id, Actor), ("已批准，按施行日期生效。", "Approved: it is the rule from its first day on."));

    public Task<IActionResult> OnPostRefuseAsync(int id, string? reason) => ActAsync(
        id, Permission.ApprovePolicies, () => decide.RefuseAsync(id, reason, Actor), ("草案已退回。", "The draft is refused."));

    private async Task<IActionResult> ActAsync<T>(int id, string permission, Func<Task<Outcome<T>>> act, (string Zh, string En) said)
    {
        if (!Actor.May(permission)) return Forbid();
        var isDone = Accept(await act(), out _);
        if (!await LoadAsync(id)) return NotFound();
        if (!isDone) return Page();
        Done = Speech.IsEnglish ? said.En : said.Zh;
        return LocalRedirect($"/policies/drafts/{id}");
    }

    private async Task<bool> LoadAsync(int id)
    {
        if (!Actor.IsCounty || await drafts.FindAsync(id) is not { } known) return false;
        Draft = known;
        var today = CountyTime.DayOf(clock.GetUtcNow());
        InForce = await policies.InForceOrLastAsync(today);
        if (known.IsOpen) FirstWithoutRule = PolicyCalendar.FirstWithoutRule([.. await policies.ListAsync(), known.Pack], today);
        Trades = new(await programmes.TradesAsync());
        return true;
    }
}
