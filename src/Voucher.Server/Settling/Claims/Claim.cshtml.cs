using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Classes;
using Voucher.Server.Policies;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Claims;

/// <summary>One claim: each line with what it rests on and its arithmetic; reviewed and approved here.</summary>
[Authorize(Policy = Permission.ReadClaims)]
public sealed class ClaimModel(ClaimReading claims, ReviewClaim review, ApproveClaim approve, PolicyStore policies, RateStore rates) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public long? Line { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public ClaimDetail Claim { get; private set; } = null!;
    public Policy Policy { get; private set; } = null!;
    public IReadOnlyList<OverfullClass> Overfull { get; private set; } = [];

    private IReadOnlyDictionary<ClassId, FrozenRate> Rates { get; set; } = new Dictionary<ClassId, FrozenRate>();

    /// <summary>What the line's amount rests on.</summary>
    public string RuleOf(ClaimLineDetail line) => FrozenRate.Cite(Rates.GetValueOrDefault(new ClassId(line.Evidence.ClassId)), Policy);

    public bool MayReview => Claim.Summary.Status == ClaimStatus.Submitted && Actor.May(Permission.ReviewClaim);
    public bool MayApprove => Claim.Summary.Status == ClaimStatus.Submitted && Actor.May(Permission.ApproveClaim);

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostReviewAsync(string? verdict)
    {
        if (!Actor.May(Permission.ReviewClaim)) return Forbid();
        var outcome = await review.OneAsync(Actor, new ClaimId(Id), new ClaimLineId(Line ?? 0), ClaimEndpoints.ReadVerdict(verdict), Reason);
        // Back to the line that was just decided, not to the top of a long list.
        return Accept(outcome) ? LocalRedirect($"/settling/claims/{Id}#line-{Line}") : await ShowAsync();
    }

    public async Task<IActionResult> OnPostPassAllAsync()
    {
        if (!Actor.May(Permission.ReviewClaim)) return Forbid();
        if (!Accept(await review.AllUndecidedAsync(Actor, new ClaimId(Id), LineVerdict.Pass, null), out var lines)) return await ShowAsync();
        return Say(new Words(
            $"{lines} 行已审核通过；抽查发现问题的行请逐张审核。", $"{lines} lines passed; those with spot check findings want a verdict each."));
    }

    public async Task<IActionResult> OnPostApproveAsync()
    {
        if (!Actor.May(Permission.ApproveClaim)) return Forbid();
        if (!Accept(await approve.RunAsync(Actor, new ClaimId(Id)), out var status)) return await ShowAsync();
        return Say(status == ClaimStatus.Approved
            ? new Words("已审批，等待财务支付。", "Approved; finance will pay.")
            : new Words("没有通过的行，申报单已关闭。", "Nothing had passed; the claim is closed."));
    }

    private LocalRedirectResult Say(Words done)
    {
        Done = done.In(Speech.Language);
        return LocalRedirect($"/settling/claims/{Id}");
    }

    private async Task<IActionResult> ShowAsync()
    {
        if (await claims.FindAsync(Actor, new ClaimId(Id)) is not { } claim) return NotFound();
        Claim = claim;
        Overfull = await claims.OverfullAsync(new ClaimId(Id));
        Policy = await policies.GetAsync(claim.Policy);
        Rates = await rates.FindAsync(claim.Lines.Select(line => new ClassId(line.Evidence.ClassId)).Distinct());
        return Page();
    }
}
