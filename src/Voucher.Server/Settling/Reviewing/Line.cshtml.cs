using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Policies;
using Voucher.Server.Portal;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Reviewing;

/// <summary>One line with all that the system knows of it; for the county's people.</summary>
[Authorize(Policy = Permission.ReadClaims)]
public sealed class LineModel(ClaimReading claims, LineFileStore files, PolicyStore policies, ReviewClaim review) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public long LineId { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public string? Missing { get; set; }

    public ClaimDetail Claim { get; private set; } = null!;
    public ClaimLineDetail Line { get; private set; } = null!;
    public LineFile Evidence { get; private set; } = null!;
    public IReadOnlyList<LineMark> Marks { get; private set; } = [];
    public bool MayReview => Claim.Summary.Status.IsOpen() && Actor.May(Permission.ReviewClaim);

    /// <summary>The next line of the claim that waits for a verdict.</summary>
    public long? NextOpen => Claim.Lines.SkipWhile(line => line.Id != LineId).Skip(1).Concat(Claim.Lines)
        .FirstOrDefault(line => line is { State: ClaimLineState.Submitted, Verdict: null } && line.Id != LineId)?.Id;

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostReviewAsync(string? verdict)
    {
        if (!Actor.May(Permission.ReviewClaim)) return Forbid();
        return await AfterAsync(await review.OneAsync(Actor, new ClaimId(Id), new ClaimLineId(LineId), ClaimEndpoints.ReadVerdict(verdict), Reason));
    }

    public async Task<IActionResult> OnPostStepAsync(string? step)
    {
        if (!Actor.May(Permission.ReviewClaim)) return Forbid();
        if (ReviewEndpoints.ReadStep(step) is not { } kind) return BadRequest();
        return await AfterAsync(await review.StepAsync(Actor, new ClaimId(Id), new ClaimLineId(LineId), kind, Reason, Missing));
    }

    private async Task<IActionResult> AfterAsync(Outcome<int> outcome)
    {
        if (!Accept(outcome)) return await ShowAsync();
        Done = new Words("已记录。", "Recorded.").In(Speech.Language);
        return LocalRedirect($"/settling/claims/{Id}/lines/{LineId}");
    }

    private async Task<IActionResult> ShowAsync()
    {
        if (!Actor.IsCounty || await claims.FindAsync(Actor, new ClaimId(Id)) is not { } claim) return NotFound();
        if (claim.Lines.SingleOrDefault(line => line.Id == LineId) is not { } line) return NotFound();
        (Claim, Line) = (claim, line);
        Evidence = await files.ReadAsync(new ClaimLineId(LineId));
        Marks = (await files.MarksAsync(new ClaimId(Id), await policies.GetAsync(claim.Policy))).GetValueOrDefault(new ClaimLineId(LineId), []);
        return Page();
    }
}
