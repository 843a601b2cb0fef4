using Voucher.Server.Api;

namespace Voucher.Server.Classes.Certificates;

/// <summary>Certificates over HTTP: the county reads all, an institution its own.</summary>
public static class CertificateEndpoints
{
    /// <param name="Kind">Completion, SkillLevel or SpecialSkill; <c>null</c> while the trainee has none.</param>
    public sealed record CertificateView(
        string VoucherNumber, string Name, bool? HasPassed, long? Id, string? Kind, string? Number, string? Issuer, DateOnly? IssuedOn);

    /// <param name="IssuedOn">Today unless given.</param>
    public sealed record IssueRequest(DateOnly? IssuedOn);

    /// <param name="Reason">At most 200 characters.</param>
    public sealed record VoidRequest(string? Reason);

    public sealed record Recorded(int Certificates);

    public static void MapCertificates(this WebApplication app)
    {
        var group = app.MapGroup("/api/classes/{id:long}/certificates").WithTags("Classes");
        group.MapGet("", ListAsync).RequireAuthorization(Permission.ReadClasses)
            .WithSummary("Trainees of a class with their certificates").Produces<IReadOnlyList<CertificateView>>().ProducesProblem(404);
        group.MapPost("/issue", async (long id, IssueRequest request, IssueCertificates issue, HttpContext context) =>
                Saved(await issue.RunAsync(new ClassId(id), request.IssuedOn, context.Actor()), context))
            .RequireAuthorization(Permission.RecordAssessment)
            .WithSummary("Number the completion certificates of all who have passed and have none").Produces<Recorded>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("", async (long id, CertificateForm?[] certificates, RecordCertificates record, HttpContext context) =>
                Saved(await record.RunAsync(new ClassId(id), certificates, context.Actor(), (index, part) => $"[{index}].{part}"), context))
            .RequireAuthorization(Permission.RecordAssessment)
            .WithSummary("Record certificates of skill that others issued: all of the list or nothing").Produces<Recorded>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{certificate:long}/void", async (long id, long certificate, VoidRequest request, VoidCertificate remove, HttpContext context) =>
                (await remove.RunAsync(new ClassId(id), certificate, request.Reason, context.Actor())).ToHttp(context))
            .RequireAuthorization(Permission.RecordAssessment)
            .WithSummary("A certificate was recorded wrongly: void, with a reason; not once it is claimed").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> ListAsync(long id, ClassStore classes, CertificateStore certificates, HttpContext context)
    {
        if (await classes.FindAsync(new ClassId(id), context.Actor()) is not { } known) return Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
        return TypedResults.Ok<IReadOnlyList<CertificateView>>([.. (await certificates.RosterAsync(known.Id)).Select(row => new CertificateView(
            row.Voucher.ToString(), CertificatesExport.NameFor(context.Actor(), row), row.HasPassed, row.CertificateId, row.Kind?.ToString(),
            row.Number, row.Issuer, row.IssuedOn))]);
    }

    private static IResult Saved(Outcome<int> outcome, HttpContext context) => outcome switch
    {
        Outcome<int>.Done(var recorded) => TypedResults.Ok(new Recorded(recorded)),
        _ => outcome.ToHttp(context),
    };
}
