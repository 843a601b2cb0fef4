using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Register.Duplicates;

/// <summary>The queue of doubts over HTTP; masked throughout.</summary>
public static class DuplicateEndpoints
{
    /// <param name="Known">Id of the person of the register.</param>
    /// <param name="Other">Id of the second of two people.</param>
    public sealed record CaseDto(
        long Id, string Kind, long? Known, string? KnownName, long? Other, long? Import, int? Row, string? RowName, string? RowNumberMasked,
        IReadOnlyList<string> Choices);

    public sealed record CasesDto(int Total, int Page, IReadOnlyList<CaseDto> Cases);

    /// <param name="Decision"><c>TakeNew</c>, <c>KeepOld</c>, <c>Merge</c> or <c>Reject</c>.</param>
    public sealed record DecideRequest(string? Decision, string? Reason);

    public static void MapDuplicates(this WebApplication app)
    {
        var duplicates = app.MapGroup("/api/register/duplicates").WithTags("Register");
        duplicates.MapGet("", PageAsync).RequireAuthorization(Permission.ReadWholeRegister)
            .WithSummary("Rows and people that wait for somebody to decide whom they mean").Produces<CasesDto>().ProducesProblem(400);
        duplicates.MapPost("/{id:long}/decide", DecideAsync).RequireAuthorization(Permission.DecideDuplicate)
            .WithSummary("Decide on one, with the reason").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> PageAsync(DuplicateStore cases, HttpContext context, int? page)
    {
        if (ListPage.ProblemOf(page) is { } problem) return Problems.Of([problem], context);
        var (found, total) = await cases.PageAsync(CaseFilter.Open, null, page ?? 1, PortalPage.PageSize);
        return TypedResults.Ok(new CasesDto(total, page ?? 1, [.. found.Select(one => new CaseDto(
            one.Id, one.Kind.ToString(), one.Known?.Id.Value, one.Known?.Name, one.Other?.Id.Value, one.Import, one.RowNumber, one.RowName, one.RowNumberMasked,
            [.. one.Choices.Select(choice => choice.ToString())]))]));
    }

    private static async Task<IResult> DecideAsync(long id, DecideRequest request, DecideDuplicate decide, HttpContext context) =>
        (await decide.RunAsync(context.Actor(), id, Read(request.Decision), request.Reason)).ToHttp(context);

    internal static DuplicateDecision? Read(string? text) =>
        Enum.TryParse<DuplicateDecision>(text, ignoreCase: true, out var decision) && Enum.IsDefined(decision) ? decision : null;
}
