using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Issuing.Judging;

/// <param name="PersonId">Number of the person in the register.</param>
/// <param name="Scope">0 any programme, 1–999 a trade, 1000–65535 a programme.</param>
public sealed record EligibilityRequest(long? PersonId, int? Scope);

/// <param name="Code">Such as <c>TooYoung</c>.</param>
/// <param name="Rule">Document and clause that say so.</param>
public sealed record EligibilityReasonAnswer(string Code, string Reason, string NextStep, string Rule);

/// <param name="Eligible">True when nothing stands against it.</param>
/// <param name="Day">On which it was judged.</param>
/// <param name="Rule">The pack in force.</param>
public sealed record EligibilityAnswer(bool Eligible, DateOnly Day, string Rule, IReadOnlyList<EligibilityReasonAnswer> Reasons)
{
    public static EligibilityAnswer Of(EligibilityVerdict verdict) => new(
        verdict.May, verdict.Day, verdict.Rule.ToString(),
        [.. verdict.Reasons.Select(reason => new EligibilityReasonAnswer(
            reason.Code.ToString(), reason.Reason.In(Speech.Language), reason.NextStep.In(Speech.Language), reason.Rule.ToString()))]);
}

public static class EligibilityEndpoints
{
    public static void MapEligibility(this WebApplication app) =>
        app.MapPost("/api/eligibility", AskAsync).WithTags("Batches").RequireAuthorization(Permission.ReadWholeRegister)
            .WithSummary("May a person have a voucher for a trade or programme? Yes, or no with every reason and clause")
            .Produces<EligibilityAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> AskAsync(EligibilityRequest request, AskEligibility ask, HttpContext context)
    {
        if (request.PersonId is not { } person)
            return Problems.Of([new FieldError("personId", new("请填写人员编号", "Give the person's number"))], context);
        return await ask.RunAsync(new PersonId(person), request.Scope) switch
        {
            Outcome<EligibilityVerdict>.Done(var verdict) => TypedResults.Ok(EligibilityAnswer.Of(verdict)),
            var outcome => outcome.ToHttp(context),
        };
    }
}
