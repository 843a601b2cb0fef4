using Voucher.Server.Api;

namespace Voucher.Server.Settling.Retaining;

/// <summary>Retained money by HTTP.</summary>
public static class RetainedEndpoints
{
    /// <param name="Until">Kept back until then whatever happens.</param>
    /// <param name="Against">What stands against its release; empty: nothing.</param>
    public sealed record RetainedAnswer(long Line, string VoucherNumber, int InstitutionId, long ClaimId, long AmountFen, DateOnly Until, string State, string Against);

    /// <param name="InstitutionId">Of one institution; left out: of all.</param>
    /// <param name="Reason">1–200 characters.</param>
    public sealed record ReleaseRequest(int? InstitutionId, string? Reason);

    public sealed record ForfeitRequest(IReadOnlyList<long>? Lines, string? Reason);

    /// <param name="Verdict"><c>approve</c> or <c>refuse</c>.</param>
    /// <param name="Reason">Needed with <c>refuse</c>.</param>
    public sealed record ListVerdictRequest(string? Verdict, string? Reason);

    public sealed record ListMade(long Id);

    private const int PageSize = 50;

    public static void MapRetained(this WebApplication app)
    {
        app.MapGet("/api/retained", ListAsync).RequireAuthorization(Permission.ReadPayments).WithTags("Retention")
            .WithSummary("Retained money by claim line, the longest due first, 50 a page").Produces<IReadOnlyList<RetainedAnswer>>().ProducesProblem(400);
        app.MapPost("/api/retained/releases", async (ReleaseRequest request, DraftRetained draft, HttpContext context) =>
                Made(await draft.ReleaseDueAsync(context.Actor(), request.InstitutionId, request.Reason), context))
            .RequireAuthorization(Permission.Publish).WithTags("Retention")
            .WithSummary("Draft a list that releases what is due and free").Produces<ListMade>().ProducesProblem(400).ProducesProblem(409);
        app.MapPost("/api/retained/forfeits", async (ForfeitRequest request, DraftRetained draft, HttpContext context) =>
                Made(await draft.ForfeitAsync(context.Actor(), request.Lines, request.Reason), context))
            .RequireAuthorization(Permission.Publish).WithTags("Retention")
            .WithSummary("Draft a list that forfeits what is kept back of the lines").Produces<ListMade>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        app.MapPost("/api/retained/lists/{id:long}/verdict", async (long id, ListVerdictRequest request, DecideRetained decide, HttpContext context) =>
                (await decide.RunAsync(context.Actor(), id, ReadVerdict(request.Verdict), request.Reason)).ToHttp(context))
            .RequireAuthorization(Permission.ApproveClaim).WithTags("Retention")
            .WithSummary("Approve or refuse a list, as another person than who drafted it").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> ListAsync(RetainedReading retained, HttpContext context, int? institution = null, int page = 1)
    {
        if (ListPage.ProblemOf(page) is { } problem) return Problems.Of([problem], context);
        var language = Portal.Speech.LanguageOf(context);
        var found = await retained.ListAsync(institution, (page - 1) * PageSize, PageSize);
        return TypedResults.Ok<IReadOnlyList<RetainedAnswer>>([.. found.Select(line => new RetainedAnswer(
            line.Line.Value, line.Voucher.ToString(), line.InstitutionId.Value, line.Claim.Value, line.Retained.Value, line.Money.Until, line.Money.State.ToString(),
            Voucher.Core.Settling.RetainedWords.Name(line.Money.Obstacles).In(language)))]);
    }

    private static IResult Made(Outcome<long> outcome, HttpContext context) =>
        outcome is Outcome<long>.Done(var id) ? TypedResults.Ok(new ListMade(id)) : outcome.ToHttp(context);

    /// <summary>As the API and the portal's form say it.</summary>
    public static bool? ReadVerdict(string? verdict) => verdict switch { "approve" => true, "refuse" => false, _ => null };
}
