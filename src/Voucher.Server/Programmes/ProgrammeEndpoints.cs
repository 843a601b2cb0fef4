using Voucher.Server.Api;
using Voucher.Server.Policies;
using Voucher.Server.Portal;
using Voucher.Server.Programmes.Orders;
using Voucher.Server.Programmes.Teaching;
using Voucher.Server.Programmes.Trades;

namespace Voucher.Server.Programmes;

/// <summary>The menu of programmes over HTTP.</summary>
public static class ProgrammeEndpoints
{
    /// <param name="Institutions">How many institutions may teach it.</param>
    /// <param name="SubsidyFen">The programme's own standard.</param>
    /// <param name="SubsidyInForceFen">What a class approved today would freeze.</param>
    /// <param name="IsGuided">The trade stands in the guided catalogue of the policy in force.</param>
    public sealed record ProgrammeAnswer(
        int Id, int Code, string Name, int TradeCode, string Trade, int TheoryHours, int PracticeHours, long SubsidyFen, bool IsOpen, int Institutions,
        string Level, string Kind, string Mode, int SafetyHours, long SubsidyInForceFen, bool IsGuided);

    /// <param name="Warning">Present when the practice share is far from the policy's.</param>
    public sealed record ProgrammeSavedAnswer(int Id, string? Warning);

    public sealed record OrderAnswer(int Id, string Employer, string EmployerUscc, string Post, string Agency, int Size, DateTimeOffset PlacedAt, int? Hired);

    public sealed record OrderSaved(int Id);

    /// <param name="Hired">0–10,000.</param>
    public sealed record HiredRequest(int? Hired);

    public static void MapProgrammes(this WebApplication app)
    {
        MapTrades(app);
        var group = app.MapGroup("/api/programmes").WithTags("Programmes");
        group.MapGet("", ListAsync)
            .RequireAuthorization(Permission.ReadInstitutions).WithSummary("The menu of programmes").Produces<IReadOnlyList<ProgrammeAnswer>>();
        group.MapPost("", AddAsync).RequireAuthorization(Permission.EditInstitutions)
            .WithSummary("Put a programme on the menu").Produces<ProgrammeSavedAnswer>().ProducesProblem(400).ProducesProblem(409);
        group.MapPut("/{id:int}", ChangeAsync).RequireAuthorization(Permission.EditInstitutions)
            .WithSummary("Change a programme; its code stays, and approved classes keep their rate")
            .Produces<ProgrammeSavedAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        MapOrders(group);
        group.MapTeaching();
    }

    private static void MapTrades(WebApplication app)
    {
        var trades = app.MapGroup("/api/trades").WithTags("Programmes");
        trades.MapGet("", async (ProgrammeStore programmes) => TypedResults.Ok(await programmes.TradesAsync()))
            .RequireAuthorization(Permission.ReadInstitutions).WithSummary("Trades and their codes");
        trades.MapPost("", async (TradeForm form, SaveTrade save, HttpContext context) => (await save.AddAsync(form, context.Actor())).ToHttp(context))
            .RequireAuthorization(Permission.EditInstitutions).WithSummary("Add a trade").Produces<Trade>().ProducesProblem(400);
        trades.MapPut("/{code:int}", async (int code, TradeForm form, SaveTrade save, HttpContext context) =>
                (await save.RenameAsync(code, form, context.Actor())).ToHttp(context))
            .RequireAuthorization(Permission.EditInstitutions).WithSummary("Give a trade another name; its code stays")
            .Produces<Trade>().ProducesProblem(400).ProducesProblem(404);
    }

    private static void MapOrders(RouteGroupBuilder group)
    {
        group.MapGet("/{id:int}/orders", async (int id, OrderStore orders) => TypedResults.Ok((await orders.ListAsync(new ProgrammeId(id))).Select(Answer)))
            .RequireAuthorization(Permission.ReadInstitutions).WithSummary("Employers' orders of a programme, newest first").Produces<IReadOnlyList<OrderAnswer>>();
        group.MapPost("/{id:int}/orders", async (int id, OrderForm form, PlaceOrder place, HttpContext context) =>
                await place.RunAsync(new ProgrammeId(id), form, context.Actor()) switch
                {
                    Outcome<int>.Done(var order) => TypedResults.Ok(new OrderSaved(order)),
                    var other => other.ToHttp(context),
                })
            .RequireAuthorization(Permission.EditInstitutions).WithSummary("Enter an employer's order of an embedded, order-based or work-training programme")
            .Produces<OrderSaved>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{id:int}/orders/{order:int}/hired", async (int id, int order, HiredRequest request, PlaceOrder place, HttpContext context) =>
                (await place.RecordHiredAsync(new ProgrammeId(id), order, request.Hired, context.Actor())).ToHttp(context))
            .RequireAuthorization(Permission.EditInstitutions).WithSummary("How many the employer has hired").Produces(204).ProducesProblem(400).ProducesProblem(404);
    }

    private static async Task<IResult> ListAsync(ProgrammeStore programmes, PolicyStore policies, TimeProvider clock)
    {
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow()));
        return TypedResults.Ok((await programmes.ListAsync()).Select(programme => Answer(programme, policy)));
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

    private static ProgrammeAnswer Answer(Programme p, Policy policy)
    {
        var subsidy = SubsidyInForce.Of(p, policy);
        return new ProgrammeAnswer(
            p.Id.Value, p.Code, p.Name, p.TradeCode, p.Trade, p.TheoryHours, p.PracticeHours, p.SubsidyFen.Value, p.IsOpen, p.Institutions,
            p.Level.ToString(), p.Kind.ToString(), p.Mode.ToString(), p.SafetyHours, subsidy.Amount.Value, subsidy.IsGuided);
    }

    private static OrderAnswer Answer(ProgrammeOrder o) => new(o.Id, o.Employer, o.EmployerUscc, o.Post, o.Agency, o.Size, o.PlacedAt, o.Hired);
}
