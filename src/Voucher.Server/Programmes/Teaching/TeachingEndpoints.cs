using Voucher.Server.Api;

namespace Voucher.Server.Programmes.Teaching;

/// <summary>Plans, syllabuses and textbooks over HTTP; a PDF is sent on the portal's page.</summary>
public static class TeachingEndpoints
{
    /// <param name="InstitutionId">Whose own it is; none: the county's.</param>
    /// <param name="Kind">Plan, Syllabus or Textbook.</param>
    /// <param name="Status">HandedIn, Approved or Refused.</param>
    /// <param name="FileHash">SHA-256 of the PDF, hexadecimal; none: text only.</param>
    public sealed record TeachingAnswer(
        int Id, int? InstitutionId, string Kind, int Version, string Title, string? FileName, string? FileHash, string Status,
        string HandedInBy, DateTimeOffset HandedInAt, string? DecidedBy, DateTimeOffset? DecidedAt, string? RefusedReason);

    /// <param name="Reason">At most 200 characters.</param>
    public sealed record RefuseTeachingRequest(string? Reason);

    public static void MapTeaching(this RouteGroupBuilder programmes)
    {
        programmes.MapGet("/{id:int}/documents", async (int id, TeachingStore store, HttpContext context) =>
                TypedResults.Ok((await store.ListAsync(new ProgrammeId(id), context.Actor().Institution)).Select(Answer)))
            .RequireAuthorization(Permission.ReadInstitutions).WithSummary("Teaching documents of a programme, newest first").Produces<IReadOnlyList<TeachingAnswer>>();
        programmes.MapPost("/{id:int}/documents", async (int id, TeachingForm form, HandInTeaching handIn, HttpContext context) =>
                (await handIn.RunAsync(new ProgrammeId(id), form, null, null, context.Actor())).ToHttp(context))
            .RequireAuthorization(Permission.HandInTeaching).WithSummary("Hand in a plan, syllabus or textbook as text")
            .Produces<TeachingDocumentId>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(404);
        programmes.MapPost("/documents/{document:int}/approve", async (int document, DecideTeaching decide, HttpContext context) =>
                (await decide.ApproveAsync(document, context.Actor())).ToHttp(context))
            .RequireAuthorization(Permission.DecideTeaching).WithSummary("Approve a teaching document; never one's own")
            .Produces(204).ProducesProblem(404).ProducesProblem(409);
        programmes.MapPost("/documents/{document:int}/refuse", async (int document, RefuseTeachingRequest request, DecideTeaching decide, HttpContext context) =>
                (await decide.RefuseAsync(document, request.Reason, context.Actor())).ToHttp(context))
            .RequireAuthorization(Permission.DecideTeaching).WithSummary("Refuse a teaching document with a reason")
            .Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static TeachingAnswer Answer(TeachingDocument d) => new(
        d.Id, d.InstitutionId?.Value, d.Kind.ToString(), d.Version, d.Title, d.FileName, d.FileHash is { } hash ? Convert.ToHexStringLower(hash) : null,
        d.Status.ToString(), d.HandedInBy, d.HandedInAt, d.DecidedBy, d.DecidedAt, d.RefusedReason);
}
