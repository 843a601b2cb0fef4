using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Classes;
using Voucher.Server.Api;
using Voucher.Server.Classes;
using Voucher.Server.Policies;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Claims;

/// <summary>Claims by HTTP: what can be claimed, claiming, review, approval.</summary>
public static class ClaimEndpoints
{
    /// <summary>Vouchers of one page of what can be claimed.</summary>
    public const int ClaimablePage = 1000;

    /// <param name="Code">0 when the voucher can be claimed now; otherwise the first reason's number.</param>
    /// <param name="AmountFen">What it would be paid; <c>null</c> while its class has no rate.</param>
    /// <param name="Reasons">All that stands against it, in order of precedence.</param>
    public sealed record ClaimableVoucher(
        string VoucherNumber, string Holder, long ClassId, string ClassName, string Programme, long FaceValueFen, long? RateFen, long? AmountFen,
        string? Arithmetic, int SessionsAttended, int SessionsPlanned, TeachingHours PlannedHours, TeachingHours AttendedHours,
        bool? HasPassed, string? CertificateNumber, DateTimeOffset? SpotCheckedAt, bool StraysFromPracticeShare,
        int Code, string? Reason, string? NextStep, string? Rule, IReadOnlyList<WhyNot> Reasons);

    public sealed record WhyNot(int Code, string Name, string Reason, string NextStep, string? Rule);

    public sealed record ClassFigures(long ClassId, string ClassName, string Programme, int Ready, long AmountFen, int NotYet);

    public sealed record ReasonFigures(int Code, string Name, int Vouchers);

    /// <param name="Claims">How many claims "claim all" would make.</param>
    public sealed record ClaimableFigures(
        int Ready, long AmountFen, int NotYet, int Claims, IReadOnlyList<ClassFigures> Classes, IReadOnlyList<ReasonFigures> Reasons);

    /// <param name="VoucherNumbers">16 digits each, at most 2000; left out: all that can be claimed.</param>
    /// <param name="Note">At most 200 characters: what has changed since a voucher was rejected; needed for those.</param>
    public sealed record SubmitRequest(IReadOnlyList<string?>? VoucherNumbers, string? Note = null);

    /// <param name="Verdict"><c>pass</c> or <c>reject</c>.</param>
    /// <param name="Reason">At most 200 characters; needed with <c>reject</c>.</param>
    public sealed record ReviewRequest(string? Verdict, string? Reason);

    /// <param name="Ids">All that were made: one for each 2000 vouchers; <paramref name="Id"/> is the first.</param>
    public sealed record ClaimSubmitted(long Id, IReadOnlyList<long> Ids);

    public sealed record Reviewed(int Lines);

    public sealed record Decided(string Status);

    public sealed record ClaimView(
        long Id, int InstitutionId, string Institution, string Status, DateTimeOffset SubmittedAt, string SubmittedBy,
        DateTimeOffset? ApprovedAt, string? ApprovedBy, int Lines, int Undecided, int PassedLines, long ClaimedFen, long PassedFen,
        long? PaymentId, DateOnly? PaidOn);

    /// <param name="Rule">What the rate rests on: document, version, clause.</param>
    public sealed record LineView(
        long Id, string VoucherNumber, string Holder, long FaceValueFen, long RateFen, long AmountFen, string Arithmetic, string Rule, string BudgetLine,
        string State, string? Verdict, string? ReviewedBy, DateTimeOffset? ReviewedAt, string? Reason, ClaimEvidence Evidence,
        string? Note, RejectionView? Rejected);

    /// <summary>The rejection before this line.</summary>
    public sealed record RejectionView(long ClaimId, string Reason, DateTimeOffset At);

    public sealed record ClaimWithLines(ClaimView Claim, IReadOnlyList<LineView> Lines);

    public static void MapClaims(this WebApplication app)
    {
        app.MapGet("/api/claimable", ClaimableAsync).RequireAuthorization(Permission.SubmitClaim).WithTags("Settling")
            .WithSummary("Unsettled vouchers of the institution, 1000 a page: claimable now, or all reasons why not; of one class, or held back by one reason")
            .Produces<IReadOnlyList<ClaimableVoucher>>().ProducesProblem(400).ProducesProblem(403);
        app.MapGet("/api/claimable/figures", FiguresAsync).RequireAuthorization(Permission.SubmitClaim).WithTags("Settling")
            .WithSummary("How many vouchers can be claimed, for how much, by class and by reason").Produces<ClaimableFigures>().ProducesProblem(403);
        app.MapPost("/api/claims", SubmitAsync).RequireAuthorization(Permission.SubmitClaim).WithTags("Settling")
            .WithSummary("Claim all claimable vouchers, in as many claims as it takes, or those named")
            .Produces<ClaimSubmitted>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        app.MapGet("/api/claims", ListAsync).RequireAuthorization(Permission.ReadClaims).WithTags("Settling")
            .WithSummary("Claims, newest first, 50 a page").Produces<IReadOnlyList<ClaimView>>().ProducesProblem(400);
        app.MapGet("/api/claims/{id:long}", FindAsync).RequireAuthorization(Permission.ReadClaims).WithTags("Settling")
            .WithSummary("A claim with its lines and what they rest on").Produces<ClaimWithLines>().ProducesProblem(404);
        app.MapPost("/api/claims/{id:long}/lines/{lineId:long}/review", ReviewAsync).RequireAuthorization(Permission.ReviewClaim).WithTags("Settling")
            .WithSummary("Pass or reject one line; may be changed until approval")
            .Produces<Reviewed>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        app.MapPost("/api/claims/{id:long}/review-all", ReviewAllAsync).RequireAuthorization(Permission.ReviewClaim).WithTags("Settling")
            .WithSummary("One verdict for all lines that have none yet")
            .Produces<Reviewed>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        app.MapPost("/api/claims/{id:long}/approve", ApproveAsync).RequireAuthorization(Permission.ApproveClaim).WithTags("Settling")
            .WithSummary("Approve the reviewed claim: what passed becomes payable")
            .Produces<Decided>().ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> ClaimableAsync(
        ReadClaimable claimable, HttpContext context, [FromQuery(Name = "class")] long? classId = null, [FromQuery] int? reason = null, [FromQuery] int page = 1)
    {
        if (context.Actor().Institution is not { } institution) return Problems.Of(Refusal.Of(RefusalCode.NotAllowed), context);
        if (ListPage.ProblemOf(page) is { } problem) return Problems.Of([problem], context);
        var language = Portal.Speech.LanguageOf(context);
        var found = (await claimable.OfAsync(institution)).Where(classId, reason);
        return TypedResults.Ok<IReadOnlyList<ClaimableVoucher>>(
            [.. found.Skip((page - 1) * ClaimablePage).Take(ClaimablePage).Select(voucher => View(voucher, language))]);
    }

    private static ClaimableVoucher View(JudgedVoucher voucher, string language)
    {
        var (from, facts, first) = (voucher.Candidate, voucher.Candidate.Facts, voucher.Why.FirstOrDefault());
        return new(
            facts.Voucher.ToString(), PersonName.Masked(from.Holder), from.Class.Value, facts.ClassName, facts.Programme,
            facts.FaceValue.Value, facts.Rate?.Value, voucher.Amount?.Value.Value, voucher.Amount?.Arithmetic.In(language),
            facts.SessionsAttended, facts.PlannedSessions, facts.Planned, facts.Scanned, facts.HasPassed, from.Certificate?.Number,
            from.SpotCheckedAt, voucher.StraysFromPracticeShare,
            (int)(first?.Code ?? RefusalCode.None), first?.Reason.In(language), first?.NextStep.In(language), first?.Rule?.ToString(),
            [.. voucher.Why.Select(why => new WhyNot(
                (int)why.Code, why.Code.ShortName().In(language), why.Reason.In(language), why.NextStep.In(language), why.Rule?.ToString()))]);
    }

    private static async Task<IResult> FiguresAsync(ReadClaimable claimable, HttpContext context)
    {
        if (context.Actor().Institution is not { } institution) return Problems.Of(Refusal.Of(RefusalCode.NotAllowed), context);
        var language = Portal.Speech.LanguageOf(context);
        var all = await claimable.OfAsync(institution);
        return TypedResults.Ok(new ClaimableFigures(
            all.Ready, all.Amount.Value, all.NotYet, all.Claims,
            [.. all.Classes.Select(one => new ClassFigures(one.Id.Value, one.Name, one.Programme, one.Ready, one.Amount.Value, one.NotYet))],
            [.. all.Reasons.Select(reason => new ReasonFigures((int)reason.Code, reason.Code.ShortName().In(language), reason.Vouchers))]));
    }

    private static async Task<IResult> SubmitAsync(SubmitRequest request, SubmitClaim submit, HttpContext context)
    {
        if (request.VoucherNumbers is not { } numbers)
        {
            return await submit.AllAsync(context.Actor()) switch
            {
                Outcome<IReadOnlyList<ClaimId>>.Done(var claims) => TypedResults.Ok(new ClaimSubmitted(claims[0].Value, [.. claims.Select(claim => claim.Value)])),
                var outcome => outcome.ToHttp(context),
            };
        }
        return await submit.RunAsync(context.Actor(), numbers, request.Note) switch
        {
            Outcome<ClaimId>.Done(var claim) => TypedResults.Ok(new ClaimSubmitted(claim.Value, [claim.Value])),
            var outcome => outcome.ToHttp(context),
        };
    }

    private static async Task<IResult> ListAsync(ClaimReading claims, HttpContext context, [FromQuery] int page = 1)
    {
        if (ListPage.ProblemOf(page) is { } problem) return Problems.Of([problem], context);
        var found = await claims.ListAsync(context.Actor(), ClaimQueue.All, (page - 1) * PortalPage.PageSize, PortalPage.PageSize);
        return TypedResults.Ok<IReadOnlyList<ClaimView>>([.. found.Select(View)]);
    }

    private static async Task<IResult> FindAsync(long id, ClaimReading claims, PolicyStore policies, RateStore rates, HttpContext context)
    {
        if (await claims.FindAsync(context.Actor(), new ClaimId(id)) is not { } claim)
            return Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
        var language = Portal.Speech.LanguageOf(context);
        var policy = await policies.GetAsync(claim.Policy);
        var frozen = await rates.FindAsync(claim.Lines.Select(line => new ClassId(line.Evidence.ClassId)).Distinct());
        return TypedResults.Ok(new ClaimWithLines(View(claim.Summary), [.. claim.Lines.Select(line =>
            View(line, FrozenRate.Cite(frozen.GetValueOrDefault(new ClassId(line.Evidence.ClassId)), policy), language))]));
    }

    private static async Task<IResult> ReviewAsync(long id, long lineId, ReviewRequest request, ReviewClaim review, HttpContext context) =>
        ToHttp(await review.OneAsync(context.Actor(), new ClaimId(id), new ClaimLineId(lineId), ReadVerdict(request.Verdict), request.Reason), context);

    private static async Task<IResult> ReviewAllAsync(long id, ReviewRequest request, ReviewClaim review, HttpContext context) =>
        ToHttp(await review.AllUndecidedAsync(context.Actor(), new ClaimId(id), ReadVerdict(request.Verdict), request.Reason), context);

    private static IResult ToHttp(Outcome<int> outcome, HttpContext context) => outcome switch
    {
        Outcome<int>.Done(var lines) => TypedResults.Ok(new Reviewed(lines)),
        _ => outcome.ToHttp(context),
    };

    private static async Task<IResult> ApproveAsync(long id, ApproveClaim approve, HttpContext context) =>
        await approve.RunAsync(context.Actor(), new ClaimId(id)) switch
        {
            Outcome<ClaimStatus>.Done(var status) => TypedResults.Ok(new Decided(status.ToString())),
            var outcome => outcome.ToHttp(context),
        };

    /// <summary>The words of the API and of the portal's forms; anything else is no verdict.</summary>
    public static LineVerdict? ReadVerdict(string? word) => word switch
    {
        "pass" => LineVerdict.Pass,
        "reject" => LineVerdict.Reject,
        _ => null,
    };

    private static ClaimView View(ClaimSummary claim) => new(
        claim.Id, claim.InstitutionId.Value, claim.Institution, claim.Status.ToString(), claim.SubmittedAt, claim.SubmittedBy,
        claim.ApprovedAt, claim.ApprovedBy, claim.Lines, claim.Undecided, claim.PassedLines, claim.Claimed.Value, claim.Passed.Value,
        claim.PaymentId, claim.PaidOn);

    private static LineView View(ClaimLineDetail line, string rule, string language) => new(
        line.Id, line.Voucher.ToString(), line.Holder, line.Amount.FaceValue.Value, line.Amount.Rate.Value, line.Amount.Value.Value,
        line.Amount.Arithmetic.In(language), rule, line.BudgetLine, line.State.ToString(), line.Verdict?.ToString(), line.ReviewedBy,
        line.ReviewedAt, line.Reason, line.Evidence, line.Note,
        line.Rejected is { } rejected ? new RejectionView(rejected.Claim.Value, rejected.Reason, rejected.At) : null);
}
