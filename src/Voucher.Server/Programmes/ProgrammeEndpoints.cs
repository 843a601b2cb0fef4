using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Programmes;

/// <summary>The menu of programmes over HTTP.</summary>
public static class ProgrammeEndpoints
{
    /// <param name="Institutions">How many institutions may teach it.</param>
    public sealed record ProgrammeAnswer(
        int Id, int Code, string Name, int TradeCode, string Trade, int TheoryHours, int PracticeHours, long SubsidyFen, bool IsOpen, int Institutions);

    /// <param name="Warning">Present when the practice share is far from the policy's.</param>
    public sealed record ProgrammeSavedAnswer(int Id, string? Warning);

    public static void MapProgrammes(this WebApplication app)
    {
        app.MapGet("/api/trades", async (ProgrammeStore programmes) => TypedResults.Ok(await programmes.TradesAsync()))
            .RequireAuthorization(Permission.ReadInstitutions).WithTags("Programmes").WithSummary("Trades and their codes");
        var group = app.MapGroup("/api/programmes").WithTags("Programmes");
        group.MapGet("", async (ProgrammeStore programmes) => TypedResults.Ok((await programmes.ListAsync()).Select(Answer)))
            .RequireAuthorization(Permission.ReadInstitutions).WithSummary("The menu of programmes").Produces<IReadOnlyList<ProgrammeAnswer>>();
        group.MapPost("", AddAsync).RequireAuthorization(Permission.EditInstitutions)
            .WithSummary("Put a programme on the menu").Produces<ProgrammeSavedAnswer>().ProducesProblem(400);
        group.MapPut("/{id:int}", ChangeAsync).RequireAuthorization(Permission.EditInstitutions)
            .WithSummary("Change a programme; its code stays, and approved classes keep their rate")
            .Produces<ProgrammeSavedAnswer>().ProducesProblem(400).ProducesProblem(404);
    }

    private static async Task<IResult> AddAsync(ProgrammeForm form, SaveProgramme save, HttpContext context) =>
        Saved(await save.AddAsync(form, context.Actor()), context);

    private static async Task<IResult> ChangeAsync(int id, ProgrammeForm form, SaveProgramme save, HttpContext context) =>
        Saved(await save.ChangeAsync(new ProgrammeId(id), form, context.Actor()), context);

    private static IResult Saved(Outcome<ProgrammeSaved> outcome, HttpContext context) => outcome switch
    {
        Outcome<ProgrammeSaved>.Done(var saved) =>
            TypedResults.Ok(new ProgrammeSavedAnswer(saved.Id.Value, saved.Warning?.In(Speech.LanguageOf(context)))),
        _ => outcome.ToHttp(context),
    };

    private static ProgrammeAnswer Answer(Programme p) => new(
        p.Id.Value, p.Code, p.Name, p.TradeCode, p.Trade, p.TheoryHours, p.PracticeHours, p.SubsidyFen.Value, p.IsOpen, p.Institutions);
}
