using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Publishing;

/// <summary>Publications and objections by HTTP, for the county.</summary>
public static class PublicationEndpoints
{
    /// <param name="InstitutionId">All that waits of one institution.</param>
    /// <param name="ClaimId">All that waits of one claim; with neither, all that waits; at most 5,000 lines.</param>
    /// <param name="From">Today when left out; at most 30 days ahead.</param>
    /// <param name="WorkingDays">At least what the pack says, which is taken when left out; at most 30.</param>
    public sealed record PublishRequest(int? InstitutionId, long? ClaimId, string? Heading, DateOnly? From, int? WorkingDays, string? Phone, string? Place);

    /// <param name="Lines">Numbers such as <c>3</c> or <c>2,5-8</c>; or <paramref name="ClassId"/> for a whole class.</param>
    /// <param name="Objector">Who objects; left out: anonymous. Sealed.</param>
    /// <param name="Channel"><c>Telephone</c>, <c>InPerson</c> or <c>Letter</c>.</param>
    public sealed record ObjectionRequest(string? Lines, long? ClassId, string? Said, string? Objector, string? Channel);

    /// <param name="Step"><c>uphold</c> or <c>dismiss</c> propose; <c>confirm</c> or <c>return</c> by another person.</param>
    public sealed record ObjectionStepRequest(string? Step, string? Reason);

    public sealed record Made(long Id);

    public sealed record ObjectionDecided(string State);

    public sealed record PublicationAnswer(
        long Id, string Number, string Heading, DateOnly From, DateOnly Until, int WorkingDays, int Lines, long AmountFen, int Objected, int Struck, string PublishedBy,
        DateTimeOffset PublishedAt, string Rule);

    public sealed record ObjectionAnswer(
        long Id, string Number, long PublicationId, string Channel, string Said, int Lines, DateTimeOffset ReceivedAt, DateOnly DueOn, string State, bool? ProposesUpheld);

    public static void MapPublications(this WebApplication app)
    {
        app.MapGet("/api/publications", ListAsync).RequireAuthorization(Permission.ReadPayments).WithTags("Publication")
            .WithSummary("Published lists, newest first, 50 a page").Produces<IReadOnlyList<PublicationAnswer>>().ProducesProblem(400);
        app.MapPost("/api/publications", PublishAsync).RequireAuthorization(Permission.Publish).WithTags("Publication")
            .WithSummary("Publish what is owed and waits: of an institution, of a claim, or all").Produces<Made>().ProducesProblem(400).ProducesProblem(409);
        app.MapPost("/api/publications/{id:long}/objections", ObjectAsync).RequireAuthorization(Permission.TakeObjection).WithTags("Publication")
            .WithSummary("Record an objection that the desk was told; its lines are frozen at once").Produces<Made>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        app.MapGet("/api/objections", ObjectionsAsync).RequireAuthorization(Permission.ReadPayments).WithTags("Publication")
            .WithSummary("Objections: open ones by deadline, or decided ones newest first; 50 a page").Produces<IReadOnlyList<ObjectionAnswer>>().ProducesProblem(400);
        app.MapPost("/api/objections/{id:long}/steps", StepAsync).RequireAuthorization(Permission.DecideObjection).WithTags("Publication")
            .WithSummary("Propose what becomes of an objection, or as another person confirm or return it")
            .Produces<ObjectionDecided>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> ListAsync(PublicationReading publications, HttpContext context, [FromQuery] int page = 1)
    {
        if (ListPage.ProblemOf(page) is { } problem) return Problems.Of([problem], context);
        var found = await publications.ListAsync((page - 1) * PortalPage.PageSize, PortalPage.PageSize);
        return TypedResults.Ok<IReadOnlyList<PublicationAnswer>>([.. found.Select(one => new PublicationAnswer(
            one.Id, one.Number, one.Heading, one.FromDay, one.UntilDay, one.WorkingDays, one.Lines, one.AmountFen.Value, one.Objected, one.Struck, one.PublishedBy,
            one.PublishedAt, one.Rule))]);
    }

    private static async Task<IResult> PublishAsync(PublishRequest request, Publish publish, HttpContext context) =>
        Id(await publish.RunAsync(context.Actor(), new PublicationForm(
            request.InstitutionId, request.ClaimId, request.Heading, request.From, request.WorkingDays, request.Phone, request.Place)), context);

    private static async Task<IResult> ObjectAsync(long id, ObjectionRequest request, TakeObjection take, HttpContext context) =>
        Id(await take.AtDeskAsync(context.Actor(), id, new ObjectionForm(
            request.Lines, request.ClassId, request.Said, request.Objector, ReadChannel(request.Channel))), context);

    private static async Task<IResult> ObjectionsAsync(ObjectionReading objections, HttpContext context, [FromQuery] bool open = true, [FromQuery] int page = 1)
    {
        if (ListPage.ProblemOf(page) is { } problem) return Problems.Of([problem], context);
        var found = await objections.ListAsync(open, (page - 1) * PortalPage.PageSize, PortalPage.PageSize);
        return TypedResults.Ok<IReadOnlyList<ObjectionAnswer>>([.. found.Select(one => new ObjectionAnswer(
            one.Id, one.Number, one.PublicationId, one.Channel.ToString(), one.Said, one.Lines, one.ReceivedAt, one.DueOn, one.State.ToString(), one.ProposesUpheld))]);
    }

    private static async Task<IResult> StepAsync(long id, ObjectionStepRequest request, DecideObjection decide, HttpContext context) =>
        await decide.RunAsync(context.Actor(), id, DecideObjection.ReadStep(request.Step), request.Reason) switch
        {
            Outcome<ObjectionState>.Done(var state) => TypedResults.Ok(new ObjectionDecided(state.ToString())),
            var outcome => outcome.ToHttp(context),
        };

    private static IResult Id(Outcome<long> outcome, HttpContext context) =>
        outcome is Outcome<long>.Done(var id) ? TypedResults.Ok(new Made(id)) : outcome.ToHttp(context);

    /// <summary>As the API and the portal's form name it; anything else is none.</summary>
    public static ObjectionChannel? ReadChannel(string? channel) => channel switch
    {
        nameof(ObjectionChannel.Telephone) => ObjectionChannel.Telephone,
        nameof(ObjectionChannel.InPerson) => ObjectionChannel.InPerson,
        nameof(ObjectionChannel.Letter) => ObjectionChannel.Letter,
        _ => null,
    };
}
