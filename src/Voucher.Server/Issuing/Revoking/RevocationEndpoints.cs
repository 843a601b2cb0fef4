using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Issuing.Revoking;

/// <summary>Exactly one of batch, person and institution.</summary>
/// <param name="IncludesEnrolled">Also those bound to a class that is not completed; of an institution always.</param>
/// <param name="Reason">1–200 characters.</param>
public sealed record RevocationRequest(long? BatchId, long? PersonId, int? InstitutionId, bool? IncludesEnrolled, string? Reason)
{
    public RevocationScope? Scope => RevocationScope.Read(BatchId, PersonId, InstitutionId);
}

/// <param name="ReleasedFen">Reserved money that would be free again.</param>
public sealed record RevocationPreviewAnswer(int Vouchers, int Unused, int Enrolled, int Untouched, int InConflict, long ReleasedFen);

/// <param name="Status"><c>Proposed</c>, <c>UnderWay</c>, <c>Done</c> or <c>Refused</c>.</param>
/// <param name="Vouchers">How many it names since it was proposed; nothing is added to them.</param>
/// <param name="StillTaken">While it is <c>Proposed</c>: how many of them it would take now.</param>
/// <param name="RetryAt">It failed, and is tried again then.</param>
public sealed record RevocationAnswer(
    long Id, long? BatchId, long? PersonId, int? InstitutionId, bool IncludesEnrolled, string Reason, string Status, int Vouchers, int Revoked,
    string ProposedBy, DateTimeOffset ProposedAt, string? DecidedBy, DateTimeOffset? DecidedAt, string? DecidedReason, DateTimeOffset? FinishedAt,
    int? StillTaken, DateTimeOffset? RetryAt)
{
    public static RevocationAnswer Of(Revocation one) => new(
        one.Id, one.BatchId?.Value, one.PersonId?.Value, one.InstitutionId?.Value, one.IncludesEnrolled, one.Reason, one.Status.ToString(),
        one.Vouchers, one.Revoked, one.ProposedBy, one.ProposedAt, one.DecidedBy, one.DecidedAt, one.DecidedReason, one.FinishedAt,
        one.StillTaken, one.RetryAt);
}

public sealed record RevocationListAnswer(IReadOnlyList<RevocationAnswer> Revocations, int Page, int Total);

/// <summary>Revoking many vouchers by HTTP: what it would do, asking for it, deciding on it, how far it is.</summary>
public static class RevocationEndpoints
{
    public static void MapRevocations(this WebApplication app)
    {
        var all = app.MapGroup("/api/revocations").WithTags("Vouchers");
        all.MapPost("/preview", PreviewAsync).RequireAuthorization(Permission.HandleVouchers)
            .WithSummary("How many vouchers it would revoke; changes nothing")
            .Produces<RevocationPreviewAnswer>().ProducesProblem(400).ProducesProblem(404);
        all.MapPost("", (RevocationRequest request, ProposeRevocation propose, HttpContext context) =>
                AnswerAsync(propose.RunAsync(request.Scope, request.IncludesEnrolled ?? false, request.Reason, context.Actor()), context))
            .RequireAuthorization(Permission.HandleVouchers)
            .WithSummary("Ask that the vouchers of a batch, a person or an institution be revoked")
            .Produces<RevocationAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        all.MapGet("", ListAsync).RequireAuthorization(Permission.ReadBatches)
            .WithSummary("Revocations, those to decide on first, 50 a page").Produces<RevocationListAnswer>().ProducesProblem(400);
        all.MapGet("/{id:long}", GetAsync).RequireAuthorization(Permission.ReadBatches)
            .WithSummary("A revocation and how far it is").Produces<RevocationAnswer>().ProducesProblem(404);
        all.MapPost("/{id:long}/approve", (long id, DecideRevocation decide, HttpContext context) =>
                AnswerAsync(decide.ApproveAsync(id, context.Actor()), context))
            .RequireAuthorization(Permission.ApproveBatch)
            .WithSummary("Approve: the vouchers are revoked in the background").Produces<RevocationAnswer>().ProducesProblem(404).ProducesProblem(409);
        all.MapPost("/{id:long}/refuse", (long id, ReasonRequest request, DecideRevocation decide, HttpContext context) =>
                AnswerAsync(decide.RefuseAsync(id, request.Reason, context.Actor()), context))
            .RequireAuthorization(Permission.ApproveBatch)
            .WithSummary("Turn it down").Produces<RevocationAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> PreviewAsync(RevocationRequest request, ProposeRevocation propose, HttpContext context)
    {
        var enrolled = request.IncludesEnrolled is true || request.InstitutionId is not null;
        return await propose.PreviewAsync(request.Scope) switch
        {
            Outcome<RevocationPreview>.Done(var preview) => TypedResults.Ok(new RevocationPreviewAnswer(
                preview.Taken(enrolled), preview.Unused, preview.Enrolled, preview.Untouched, preview.InConflict, preview.Money(enrolled).Value)),
            var outcome => outcome.ToHttp(context),
        };
    }

    private static async Task<IResult> ListAsync(NpgsqlDataSource database, County county, HttpContext context, int page = 1)
    {
        if (ListPage.ProblemOf(page) is { } problem) return Problems.Of([problem], context);
        await using var connection = await database.OpenConnectionAsync();
        var list = await RevocationStore.ListAsync(connection, county.Region, (page - 1) * PortalPage.PageSize, PortalPage.PageSize);
        return TypedResults.Ok(new RevocationListAnswer(
            [.. list.Select(RevocationAnswer.Of)], page, await RevocationStore.CountAsync(connection, county.Region)));
    }

    private static async Task<IResult> GetAsync(long id, NpgsqlDataSource database, County county, HttpContext context)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await RevocationStore.FindAsync(connection, county.Region, id) is { } one
            ? TypedResults.Ok(RevocationAnswer.Of(one))
            : Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
    }

    private static async Task<IResult> AnswerAsync(Task<Outcome<Revocation>> outcome, HttpContext context) => await outcome switch
    {
        Outcome<Revocation>.Done(var one) => TypedResults.Ok(RevocationAnswer.Of(one)),
        var other => other.ToHttp(context),
    };
}
