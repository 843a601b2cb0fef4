using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Matching;
using Voucher.Server.Api;
using Voucher.Server.Portal;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Register.Matching;

/// <summary>精准比对 over HTTP: hand in a list, read who is in it, say that a hit is none.</summary>
public static class MatchingEndpoints
{
    public const int MostProblemsInAnswer = 1_000;

    public sealed record StartedDto(long Id, int Rows);

    /// <param name="Status"><c>Waiting</c>, <c>Running</c>, <c>Finished</c> or <c>Failed</c>.</param>
    /// <param name="Found">People of the register, not rows.</param>
    /// <param name="Standing">Hits that nobody has dismissed and no later list of the source has replaced.</param>
    /// <param name="IsComplete">The list names everybody of its source on its day; otherwise it only adds.</param>
    /// <param name="Ended">Hits that did not stand any more when this list had been read.</param>
    /// <param name="Carried">Hits that were answered as a person had answered the same hit of an earlier list.</param>
    /// <param name="Held">People missing from a complete list, so many that their hits stand until a second person has confirmed it; 0 when not.</param>
    /// <param name="IsHeld">Nobody has confirmed it yet.</param>
    public sealed record MatchDto(
        long Id, string Source, DateOnly AsOf, bool IsComplete, string FileName, string Status, int Rows, int DoneRows, int Found, int Differing, int NotFound,
        int Bad, int Standing, int Ended, int Carried, int Held, bool IsHeld, string? Failure, string Notes, IReadOnlyList<ProblemDto> Problems);

    /// <param name="Row">As Excel counts; the answer holds at most 1,000.</param>
    public sealed record ProblemDto(int Row, string Column, string Reason);

    /// <param name="Row">Of the list.</param>
    /// <param name="Difference">What the list says otherwise; empty when nothing.</param>
    /// <param name="IsCarried">Answered as a person had answered the same hit of an earlier list.</param>
    /// <param name="EndedBy">The later matching of the source that speaks in its place.</param>
    public sealed record HitDto(
        long Id, long PersonId, string Name, string IdNumberMasked, string? Township, int? Row, string Difference, bool Stands, bool IsCarried, long? EndedBy);

    /// <param name="AsOf">The day that the list describes.</param>
    public sealed record PersonHitDto(long Id, long MatchId, string Source, DateOnly AsOf, string Difference, bool Stands, bool IsCarried);

    public sealed record HitsDto(int Total, int Page, IReadOnlyList<HitDto> Hits);

    public sealed record DismissRequest(string? Reason);

    /// <param name="Hits">At most 50; those that do not stand any more are passed over.</param>
    public sealed record DismissManyRequest(long[]? Hits, string? Reason);

    public sealed record DismissedDto(int Dismissed);

    public sealed record ConfirmRequest(string? Reason);

    /// <param name="Ended">Hits of earlier lists that stand no more.</param>
    public sealed record ConfirmedDto(int Ended);

    public static void MapMatching(this WebApplication app)
    {
        var matching = app.MapGroup("/api/register/matches").WithTags("Matching");
        matching.MapPost("", StartAsync).RequireAuthorization(Permission.RunMatching).DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(UploadLimits.LargestRequestBytes))
            .WithFormOptions(memoryBufferThreshold: UploadLimits.LargestRequestBytes) // Nobody's number touches the disk in plain.
            .WithSummary("Match the register with another office's list (.xlsx or .csv with 姓名 and 身份证号码); complete=true when it names everybody of its source, else it only adds; answers before the rows are read")
            .Produces<StartedDto>(StatusCodes.Status202Accepted).ProducesProblem(400).ProducesProblem(403);
        matching.MapGet("/{id:long}", GetAsync).RequireAuthorization(Permission.ReadWholeRegister)
            .WithSummary("Progress and result of a matching").Produces<MatchDto>().ProducesProblem(404);
        matching.MapGet("/{id:long}/hits", HitsAsync).RequireAuthorization(Permission.ReadWholeRegister)
            .WithSummary("People of the register who are in the list, masked").Produces<HitsDto>().ProducesProblem(400).ProducesProblem(404);
        matching.MapGet("/{id:long}/feedback.xlsx", FeedbackAsync).RequireAuthorization(Permission.ReadWholeRegister)
            .WithSummary("The feedback file for the office whose list it was").Produces(200, contentType: Spreadsheets.Workbook.ContentType).ProducesProblem(404);
        matching.MapPost("/{id:long}/hits/{hit:long}/dismiss", DismissAsync).RequireAuthorization(Permission.DismissMatch)
            .WithSummary("A hit is no reason against the person; with the reason").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        matching.MapPost("/{id:long}/hits/dismiss", DismissManyAsync).RequireAuthorization(Permission.DismissMatch)
            .WithSummary("Several hits of a list are no reason against anybody; with one reason").Produces<DismissedDto>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        matching.MapPost("/{id:long}/confirm-absence", ConfirmAsync).RequireAuthorization(Permission.DismissMatch)
            .WithSummary("Those whom a complete list lacks are really not in it, so many as they are: their earlier hits end; by another person than whoever handed it in, with the reason")
            .Produces<ConfirmedDto>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        var person = app.MapGroup("/api/register/people/{id:long}/matches").WithTags("Matching");
        person.MapGet("", OfPersonAsync).RequireAuthorization(Permission.ReadWholeRegister)
            .WithSummary("In which lists a person was found, standing hits first").Produces<IReadOnlyList<PersonHitDto>>();
        person.MapPost("/dismiss", DismissOfPersonAsync).RequireAuthorization(Permission.DismissMatch)
            .WithSummary("Hits of one person over all lists are no reason against them; with one reason").Produces<DismissedDto>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> StartAsync(
        IFormFile? file, [FromForm] string? source, [FromForm] string? asOf, [FromForm] string? complete, StartMatching start, HttpContext context) =>
        await start.RunAsync(file, ReadSource(source), ReadDay(asOf), complete, context.Actor(), context.RequestAborted) switch
        {
            Outcome<StartedMatch>.Done(var match) => TypedResults.Accepted($"/api/register/matches/{match.Id}", new StartedDto(match.Id, match.Rows)),
            var outcome => outcome.ToHttp(context),
        };

    private static async Task<IResult> GetAsync(long id, MatchStore matches, Speech speech, HttpContext context)
    {
        if (await matches.GetAsync(id) is not { } match) return NotFound(context);
        var problems = await matches.ProblemsAsync(id, MostProblemsInAnswer);
        return TypedResults.Ok(new MatchDto(
            match.Id, match.Source.ToString(), match.AsOf, match.IsComplete, match.FileName, match.Status.ToString(), match.Rows, match.DoneRows, match.Found,
            match.Differing, match.NotFound, match.Bad, match.Standing, match.Ended, match.Carried, match.Held, match.IsHeld,
            match.Failure is { } failure ? speech[failure] : null, speech[match.Notes],
            [.. problems.Select(problem => new ProblemDto(problem.RowNumber, problem.ColumnName, speech[problem.Reason]))]));
    }

    private static async Task<IResult> HitsAsync(long id, MatchStore matches, HttpContext context, int? page)
    {
        if (ListPage.ProblemOf(page) is { } problem) return Problems.Of([problem], context);
        if (await matches.GetAsync(id) is null) return NotFound(context);
        var number = page ?? 1;
        var (hits, total) = await matches.HitsAsync(id, HitFilter.All, (number - 1) * PortalPage.PageSize, PortalPage.PageSize);
        return TypedResults.Ok(new HitsDto(total, number, [.. hits.Select(hit => new HitDto(
            hit.Id, hit.Person.Value, hit.Name, hit.IdNumberMasked, hit.Township, hit.RowNumber, hit.Difference, hit.Stands, hit.IsCarried, hit.EndedBy))]));
    }

    private static async Task<IResult> FeedbackAsync(long id, MatchStore matches, FeedbackFile feedback, HttpContext context) =>
        await matches.GetAsync(id) is { Status: MatchStatus.Finished } match
            ? feedback.Of(match, $"feedback-{id}.xlsx")
            : NotFound(context);

    private static async Task<IResult> DismissAsync(long id, long hit, DismissRequest request, DismissHit dismiss, HttpContext context) =>
        await dismiss.RunAsync(context.Actor(), id, hit, request.Reason) switch
        {
            Outcome<int>.Done => TypedResults.NoContent(),
            var outcome => outcome.ToHttp(context),
        };

    private static async Task<IResult> DismissManyAsync(long id, DismissManyRequest request, DismissHit dismiss, HttpContext context) =>
        Dismissed(await dismiss.RunAsync(context.Actor(), id, request.Hits, request.Reason), context);

    private static async Task<IResult> ConfirmAsync(long id, ConfirmRequest request, ConfirmAbsence confirm, HttpContext context) =>
        await confirm.RunAsync(context.Actor(), id, request.Reason) switch
        {
            Outcome<int>.Done(var ended) => TypedResults.Ok(new ConfirmedDto(ended)),
            var outcome => outcome.ToHttp(context),
        };

    private static async Task<IResult> OfPersonAsync(long id, DismissalStore dismissals) =>
        TypedResults.Ok<IReadOnlyList<PersonHitDto>>([.. (await dismissals.OfPersonAsync(new PersonId(id))).Select(hit =>
            new PersonHitDto(hit.Id, hit.Run, hit.Source.ToString(), hit.AsOf, hit.Difference, hit.Stands, hit.IsCarried))]);

    private static async Task<IResult> DismissOfPersonAsync(long id, DismissManyRequest request, DismissHit dismiss, HttpContext context) =>
        Dismissed(await dismiss.OfPersonAsync(context.Actor(), new PersonId(id), request.Hits, request.Reason), context);

    private static IResult Dismissed(Outcome<int> outcome, HttpContext context) => outcome switch
    {
        Outcome<int>.Done(var count) => TypedResults.Ok(new DismissedDto(count)),
        _ => outcome.ToHttp(context),
    };

    private static IResult NotFound(HttpContext context) => Problems.Of(Refusal.Of(RefusalCode.NotFound), context);

    /// <summary>By name or number.</summary>
    internal static MatchSource? ReadSource(string? text) =>
        Enum.TryParse<MatchSource>(text, ignoreCase: true, out var source) && Enum.IsDefined(source) ? source : null;

    internal static DateOnly? ReadDay(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
