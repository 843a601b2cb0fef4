using Voucher.Server.Api;
using Voucher.Server.Institutions.Marking;
using Voucher.Server.Institutions.Publishing;

namespace Voucher.Server.Institutions.Accrediting;

/// <summary>How institutions stand, for other systems; and the marks of an institution.</summary>
public static class StandingEndpoints
{
    /// <param name="Standing">Accredited, Suspended, NotYet, Over, Withdrawn or Never.</param>
    /// <param name="Why">The reason for a suspension or withdrawal; empty otherwise.</param>
    public sealed record StandingAnswer(
        int InstitutionId, string Name, string Uscc, string Standing, int Capacity, DateOnly AccreditedFrom, DateOnly AccreditedUntil, string Why, IReadOnlyList<int> ProgrammeCodes);

    /// <param name="Marks">Such as 2026年重点院校.</param>
    public sealed record PublishedAnswer(
        int Id, string Name, string Uscc, string Address, string Phone, int Capacity, DateOnly AccreditedFrom, DateOnly AccreditedUntil, bool IsSuspended,
        string Programmes, IReadOnlyList<string> Marks);

    public sealed record Marked(int Id);

    public static void Map(WebApplication app)
    {
        var group = app.MapGroup("/api/institutions").WithTags("Institutions");
        group.MapGet("/published", PublishedAsync).AllowAnonymous()
            .WithSummary("The published list: who is accredited today, suspended ones marked").Produces<IReadOnlyList<PublishedAnswer>>().ProducesProblem(400);
        group.MapGet("/{id:int}/standing", StandingAsync).RequireAuthorization(Permission.ReadInstitutions)
            .WithSummary("How an institution stands today, and why").Produces<StandingAnswer>().ProducesProblem(404);
        group.MapPost("/{id:int}/marks", async (int id, MarkForm form, MarkInstitution mark, HttpContext context) =>
                await mark.AddAsync(new InstitutionId(id), form, context.Actor()) switch
                {
                    Outcome<int>.Done(var added) => TypedResults.Ok(new Marked(added)),
                    var outcome => outcome.ToHttp(context),
                })
            .RequireAuthorization(Permission.EditInstitutions)
            .WithSummary("Record a key school, a key major, or who helps it").Produces<Marked>().ProducesProblem(400).ProducesProblem(404);
        group.MapPost("/marks/{id:int}/end", async (int id, AccreditationEndpoints.ReasonRequest request, MarkInstitution mark, HttpContext context) =>
                (await mark.EndAsync(id, request.Reason, context.Actor())).ToHttp(context))
            .RequireAuthorization(Permission.EditInstitutions).WithSummary("End a mark").Produces(204).ProducesProblem(400).ProducesProblem(404);
    }

    private static async Task<IResult> PublishedAsync(string? trade, PublishedStore published, MarkStore marks, TimeProvider clock, HttpContext context)
    {
        var read = new FieldReader();
        var code = read.OptionalNumber("trade", trade, 1, 999);
        if (read.Errors.Count > 0) return Problems.Of(read.Errors, context);
        var today = CountyTime.DayOf(clock.GetUtcNow());
        var marked = (await marks.ShownAsync(today)).ToLookup(mark => mark.InstitutionId);
        context.Response.Headers.CacheControl = $"public, max-age={PublishedModel.KeepSeconds}";
        context.Response.Headers.Vary = "Accept-Language";
        var language = Portal.Speech.LanguageOf(context);
        return TypedResults.Ok<IReadOnlyList<PublishedAnswer>>([.. (await published.ListAsync(today, code)).Select(row => new PublishedAnswer(
            row.Id.Value, row.Name, row.Uscc.ToString(), row.Address, row.Phone, row.Capacity, row.AccreditedFrom, row.AccreditedUntil, row.IsSuspended,
            row.Programmes, [.. marked[row.Id].Select(mark => mark.Short.In(language))]))]);
    }

    private static async Task<IResult> StandingAsync(
        int id, InstitutionStore institutions, AccreditationStore accreditations, TimeProvider clock, HttpContext context)
    {
        var institution = context.Actor().MayActFor(new InstitutionId(id)) ? await institutions.FindAsync(new InstitutionId(id)) : null;
        if (institution is null) return Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
        var filter = new AccreditationFilter(null, null, null, null, institution.Id, Waits: false, Page: 1);
        var standing = InstitutionStanding.Of(institution, await accreditations.ListAsync(filter, Portal.PortalPage.PageSize), CountyTime.DayOf(clock.GetUtcNow()));
        return TypedResults.Ok(new StandingAnswer(
            id, institution.Name, institution.Uscc.ToString(), standing.Kind.ToString(), institution.Capacity, institution.AccreditedFrom, institution.AccreditedUntil,
            standing.Why, await institutions.ProgrammeCodesAsync(institution.Id)));
    }
}
