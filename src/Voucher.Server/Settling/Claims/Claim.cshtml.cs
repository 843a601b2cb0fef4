using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Classes;
using Voucher.Server.Policies;
using Voucher.Server.Portal;
using Voucher.Server.Settling.Reviewing;

namespace Voucher.Server.Settling.Claims;

/// <summary>One claim: each line with what it rests on and its arithmetic; reviewed and approved here.</summary>
[Authorize(Policy = Permission.ReadClaims)]
public sealed class ClaimModel(
    ClaimReading claims, ReviewClaim review, ApproveClaim approve, HandInAgain handIn, LineFileStore files, ReviewWork work,
    PolicyStore policies, RateStore rates) : PortalPage
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

    public bool MayReview => Claim.Summary.Status.IsOpen() && Actor.May(Permission.ReviewClaim);
    public bool MayApprove => Claim.Summary.Status.IsOpen() && Actor.May(Permission.ApproveClaim);

    /// <summary>Of an open claim: its deadline and what is still to be called.</summary>
    public OpenClaim? Open { get; private set; }

    /// <summary>What was asked of the institution, or why a line is held.</summary>
    public IReadOnlyDictionary<ClaimLineId, LineStep> LastSteps { get; private set; } = new Dictionary<ClaimLineId, LineStep>();

    /// <summary>For the county only: an institution does not learn what the county looks at.</summary>
    public IReadOnlyList<LineMark> MarksOf(ClaimLineDetail line) => Marks.GetValueOrDefault(new ClaimLineId(line.Id), []);

    private IReadOnlyDictionary<ClaimLineId, IReadOnlyList<LineMark>> Marks { get; set; } = new Dictionary<ClaimLineId, IReadOnlyList<LineMark>>();

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
        return Say(await SayPassedAsync(lines));
    }

    public async Task<IActionResult> OnPostHandInAsync()
    {
        if (!Actor.May(Permission.SubmitClaim)) return Forbid();
        return Accept(await handIn.RunAsync(Actor, new ClaimId(Id), new ClaimLineId(Line ?? 0)))
            ? Say(new Words("已重新交回，依据已按系统记录更新。", "Handed in again; what it rests on was read anew."))
            : await ShowAsync();
    }

    /// <summary>How many were passed together, and of those left each mark with its count.</summary>
    private async Task<Words> SayPassedAsync(int passed)
    {
        if (await claims.FindAsync(Actor, new ClaimId(Id)) is not { } claim) return new("已通过。", "Passed.");
        var marks = await files.MarksAsync(new ClaimId(Id), await policies.GetAsync(claim.Policy));
        var left = claim.Lines.Where(line => line is { State: ClaimLineState.Submitted, Verdict: null }).Select(line => marks.GetValueOrDefault(new ClaimLineId(line.Id), [])).ToList();
        var why = left.SelectMany(of => of).GroupBy(mark => mark).OrderBy(of => of.Key).Select(of => (Name: of.Key.Name(), Count: of.Count())).ToList();
        return left.Count == 0
            ? new($"{passed} 行没有标记，已全部通过。", $"{passed} lines without marks are passed.")
            : new(
                $"{passed} 行没有标记，已通过；剩下 {left.Count} 行有标记，请逐张审核：{string.Join("、", why.Select(of => $"{of.Name.Zh} {of.Count}"))}。",
                $"{passed} lines without marks are passed; {left.Count} bear marks and want a look each: {string.Join(", ", why.Select(of => $"{of.Name.En} {of.Count}"))}.");
    }

    public async Task<IActionResult> OnPostApproveAsync()
    {
        if (!Actor.May(Permission.ApproveClaim)) return Forbid();
        if (!Accept(await approve.RunAsync(Actor, new ClaimId(Id)), out var status)) return await ShowAsync();
        return Say(status switch
        {
            ClaimStatus.Closed => new Words("没有通过的行，申报单已关闭。", "Nothing had passed; the claim is closed."),
            ClaimStatus.PartlyApproved => new("已审批有结论的行；暂缓和退回的行以后再审批。", "What was decided is approved; held and returned lines follow later."),
            _ => new("已审批，等待财务支付。", "Approved; finance will pay."),
        });
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
        LastSteps = await files.LastStepsAsync(new ClaimId(Id));
        if (Actor.IsCounty) Marks = await files.MarksAsync(new ClaimId(Id), Policy);
        if (claim.Summary.Status.IsOpen()) Open = (await work.ListAsync(Actor)).FirstOrDefault(open => open.Id == Id);
        Rates = await rates.FindAsync(claim.Lines.Select(line => new ClassId(line.Evidence.ClassId)).Distinct());
        return Page();
    }
}
