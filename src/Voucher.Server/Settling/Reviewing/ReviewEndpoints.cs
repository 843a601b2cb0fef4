using Voucher.Server.Api;
using Voucher.Server.Settling.Claims;

namespace Voucher.Server.Settling.Reviewing;

/// <summary>Review by HTTP beyond the verdict: return, hold, release, take back, hand in again, calls.</summary>
public static class ReviewEndpoints
{
    /// <param name="Step"><c>return</c>, <c>hold</c>, <c>release</c> or <c>take-back</c>.</param>
    /// <param name="Reason">At most 200 characters; needed but for <c>take-back</c>.</param>
    /// <param name="Missing">With <c>return</c>: what is to be completed, at most 200 characters.</param>
    public sealed record StepRequest(string? Step, string? Reason, string? Missing);

    /// <param name="Result"><c>confirms</c>, <c>denies</c> or <c>not-reached</c>.</param>
    /// <param name="Note">At most 200 characters, no numbers of people; needed with <c>denies</c>.</param>
    public sealed record CallRequest(string? Result, string? Note);

    /// <param name="Result">Of the last attempt: <c>Confirms</c>, <c>Denies</c>, <c>NotReached</c>, or <c>null</c>.</param>
    public sealed record CallView(long LineId, string VoucherNumber, string Holder, string ClassName, int Attempts, string? Result, bool IsOpen);

    public static void AddReviewing(this IServiceCollection services)
    {
        services.AddSingleton<HolidayStore>().AddSingleton<SaveHolidays>().AddSingleton<ReviewWork>();
        services.AddSingleton<LineFileStore>().AddSingleton<HandInAgain>().AddSingleton<RecordCall>();
    }

    public static void MapReviewing(this WebApplication app)
    {
        app.MapPost("/api/claims/{id:long}/lines/{lineId:long}/step", StepAsync).RequireAuthorization(Permission.ReviewClaim).WithTags("Settling")
            .WithSummary("Return a line to be completed, hold it, release it, or take a verdict back")
            .Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        app.MapPost("/api/claims/{id:long}/lines/{lineId:long}/hand-in", HandInAsync).RequireAuthorization(Permission.SubmitClaim).WithTags("Settling")
            .WithSummary("Hand a returned line in again: what it rests on is read anew")
            .Produces(204).ProducesProblem(404).ProducesProblem(409);
        app.MapGet("/api/claims/{id:long}/calls", CallsAsync).RequireAuthorization(Permission.PhoneCheck).WithTags("Settling")
            .WithSummary("Whom the telephone sample of a claim names; numbers are shown on the page alone")
            .Produces<IReadOnlyList<CallView>>().ProducesProblem(404);
        app.MapPost("/api/claims/{id:long}/lines/{lineId:long}/call", CallAsync).RequireAuthorization(Permission.PhoneCheck).WithTags("Settling")
            .WithSummary("Record a call of the telephone sample")
            .Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> StepAsync(long id, long lineId, StepRequest request, ReviewClaim review, HttpContext context)
    {
        if (ReadStep(request.Step) is not { } step)
            return Problems.Of([new("step", new("请选择 return、hold、release 或 take-back", "Choose return, hold, release or take-back"))], context);
        return await review.StepAsync(context.Actor(), new ClaimId(id), new ClaimLineId(lineId), step, request.Reason, request.Missing) switch
        {
            Outcome<int>.Done => TypedResults.NoContent(),
            var outcome => outcome.ToHttp(context),
        };
    }

    private static async Task<IResult> HandInAsync(long id, long lineId, HandInAgain handIn, HttpContext context) =>
        (await handIn.RunAsync(context.Actor(), new ClaimId(id), new ClaimLineId(lineId))).ToHttp(context);

    private static async Task<IResult> CallsAsync(long id, ClaimReading claims, NpgsqlDataSource database, HttpContext context)
    {
        if (!context.Actor().IsCounty || await claims.FindAsync(context.Actor(), new ClaimId(id)) is null)
            return Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
        await using var connection = await database.OpenConnectionAsync();
        return TypedResults.Ok<IReadOnlyList<CallView>>([.. (await PhoneStore.ListAsync(connection, null, new ClaimId(id))).Select(person => new CallView(
            person.Line.Value, person.Voucher.ToString(), person.Holder, person.ClassName, person.Attempts, person.Result?.ToString(), person.IsOpen))]);
    }

    private static async Task<IResult> CallAsync(long id, long lineId, CallRequest request, RecordCall record, HttpContext context) =>
        (await record.RunAsync(context.Actor(), new ClaimId(id), new ClaimLineId(lineId), ReadResult(request.Result), request.Note)).ToHttp(context);

    /// <summary>The words of the API and of the portal's forms; anything else is no step.</summary>
    public static LineStepKind? ReadStep(string? word) => word switch
    {
        "return" => LineStepKind.Returned,
        "hold" => LineStepKind.Held,
        "release" => LineStepKind.Released,
        "take-back" => LineStepKind.TakenBack,
        _ => null,
    };

    public static PhoneResult? ReadResult(string? word) => word switch
    {
        "confirms" => PhoneResult.Confirms,
        "denies" => PhoneResult.Denies,
        "not-reached" => PhoneResult.NotReached,
        _ => null,
    };
}
