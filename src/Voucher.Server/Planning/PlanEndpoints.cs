using Voucher.Core.Planning;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Planning;

/// <summary>Plans and their progress by HTTP.</summary>
public static class PlanEndpoints
{
    /// <param name="Status"><c>Draft</c>, <c>InForce</c>, <c>Replaced</c> or <c>Discarded</c>.</param>
    public sealed record PlanDto(int Id, string DocumentNo, string Title, int Version, int FirstYear, int LastYear, string Status, int People);

    /// <param name="Split">By what it is divided from the target above: <c>Year</c>, <c>Department</c>, <c>Township</c>, <c>Programme</c> or <c>Item</c>.</param>
    /// <param name="Used">Completed with a passed assessment; only this fulfils the target.</param>
    /// <param name="Missing">People short of the schedule; <c>null</c> where vouchers do not say what belongs to the target.</param>
    public sealed record TargetDto(
        long Id, string Split, string Name, string Responsible, int People, long Issued, long Claimed, long Enrolled, long Used, decimal? ElapsedShare, long? Missing);

    public sealed record ProgressDto(PlanDto Plan, TargetDto Target, IReadOnlyList<TargetDto> Parts, IReadOnlyList<TargetDto> Laggards);

    public static void MapPlanning(this WebApplication app)
    {
        var plans = app.MapGroup("/api/plans").WithTags("Planning").RequireAuthorization(Permission.ReadPlan);
        plans.MapGet("", ListAsync).WithSummary("Plans of targets, those in force first").Produces<IReadOnlyList<PlanDto>>().ProducesProblem(400);
        plans.MapGet("/{id:int}/progress", ProgressAsync)
            .WithSummary("A target with its parts: planned, and counted on used and passed vouchers; the furthest behind are named")
            .Produces<ProgressDto>().ProducesProblem(404);
    }

    private static async Task<IResult> ListAsync(PlanStore plans, HttpContext context, int? page = null)
    {
        if (ListPage.ProblemOf(page) is { } problem) return Problems.Of([problem], context);
        var found = await plans.ListAsync(((page ?? 1) - 1) * PortalPage.PageSize, PortalPage.PageSize);
        return TypedResults.Ok<IReadOnlyList<PlanDto>>([.. found.Select(ToDto)]);
    }

    private static async Task<IResult> ProgressAsync(int id, PlanProgress progress, Speech speech, HttpContext context, long? target = null)
    {
        if (await progress.ReadAsync(new PlanId(id), target is { } asked ? new TargetId(asked) : null) is not { } view)
            return Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
        return TypedResults.Ok(new ProgressDto(
            ToDto(view.Plan), ToDto(view.Line, speech), [.. view.Parts.SelectMany(part => part.Lines).Select(line => ToDto(line, speech))],
            [.. view.Laggards.Select(line => ToDto(line, speech))]));
    }

    private static PlanDto ToDto(Plan plan) =>
        new(plan.Id.Value, plan.DocumentNo, plan.Title, plan.Version, plan.FirstYear, plan.LastYear, plan.Status.ToString(), plan.People);

    private static TargetDto ToDto(TargetLine line, Speech speech) => new(
        line.Target.Id.Value, line.Target.Split.ToString(), speech[line.Name], line.Target.Responsible, line.Target.People,
        line.Count.Issued, line.Count.Claimed, line.Count.Enrolled, line.Count.Used, line.Progress?.Elapsed, line.Progress?.Missing);
}
