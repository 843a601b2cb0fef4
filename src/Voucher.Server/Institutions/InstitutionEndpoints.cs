using Voucher.Server.Api;

namespace Voucher.Server.Institutions;

/// <summary>Institutions over HTTP: the county sees all, an institution itself.</summary>
public static class InstitutionEndpoints
{
    /// <param name="Capacity">Accredited scale: the largest class it may open.</param>
    /// <param name="PayeeAccount">Masked; the number itself is never answered.</param>
    public sealed record InstitutionAnswer(
        int Id, string Uscc, string Name, string Address, string Phone, int Capacity, DateOnly AccreditedFrom, DateOnly AccreditedUntil,
        bool IsSuspended, IReadOnlyList<int> ProgrammeCodes, string? PayeeName, string? PayeeBank, string? PayeeAccount);

    public sealed record InstitutionSaved(int Id);

    public static void MapInstitutions(this WebApplication app)
    {
        var group = app.MapGroup("/api/institutions").WithTags("Institutions");
        group.MapGet("", ListAsync).RequireAuthorization(Permission.ReadInstitutions)
            .WithSummary("Institutions: the county all, an institution itself").Produces<IReadOnlyList<InstitutionAnswer>>();
        group.MapGet("/{id:int}", FindAsync).RequireAuthorization(Permission.ReadInstitutions)
            .WithSummary("One institution").Produces<InstitutionAnswer>().ProducesProblem(404);
        group.MapPost("", AddAsync).RequireAuthorization(Permission.EditInstitutions)
            .WithSummary("Enter an institution; what it may teach, how many and until when is the matter of /api/accreditations").Produces<InstitutionSaved>().ProducesProblem(400);
        group.MapPut("/{id:int}", ChangeAsync).RequireAuthorization(Permission.EditInstitutions)
            .WithSummary("Change an institution; an empty payee account keeps the recorded one")
            .Produces<InstitutionSaved>().ProducesProblem(400).ProducesProblem(404);
    }

    private static async Task<IResult> ListAsync(InstitutionStore institutions, HttpContext context)
    {
        var answers = new List<InstitutionAnswer>();
        foreach (var institution in await institutions.ListAsync(context.Actor().Institution))
            answers.Add(Answer(institution, await institutions.ProgrammeCodesAsync(institution.Id)));
        return TypedResults.Ok(answers);
    }

    private static async Task<IResult> FindAsync(int id, InstitutionStore institutions, HttpContext context)
    {
        var institution = context.Actor().MayActFor(new InstitutionId(id)) ? await institutions.FindAsync(new InstitutionId(id)) : null;
        if (institution is null) return Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
        return TypedResults.Ok(Answer(institution, await institutions.ProgrammeCodesAsync(institution.Id)));
    }

    private static async Task<IResult> AddAsync(InstitutionForm form, SaveInstitution save, HttpContext context) =>
        Saved(await save.AddAsync(form, context.Actor()), context);

    private static async Task<IResult> ChangeAsync(int id, InstitutionForm form, SaveInstitution save, HttpContext context) =>
        Saved(await save.ChangeAsync(new InstitutionId(id), form, context.Actor()), context);

    private static IResult Saved(Outcome<InstitutionId> outcome, HttpContext context) => outcome switch
    {
        Outcome<InstitutionId>.Done(var id) => TypedResults.Ok(new InstitutionSaved(id.Value)),
        _ => outcome.ToHttp(context),
    };

    private static InstitutionAnswer Answer(Institution i, IReadOnlyList<int> programmeCodes) => new(
        i.Id.Value, i.Uscc.ToString(), i.Name, i.Address, i.Phone, i.Capacity, i.AccreditedFrom, i.AccreditedUntil,
        i.IsSuspended, programmeCodes, i.PayeeName, i.PayeeBank, i.PayeeAccountMasked);
}
