using Voucher.Server.Api;

namespace Voucher.Server.Reporting;

/// <summary>The funnel over HTTP.</summary>
public static class FunnelEndpoints
{
    public static void MapFunnel(this WebApplication app) =>
        app.MapGet("/api/funnel", ReadAsync).RequireAuthorization(Permission.WatchLive).WithTags("Reporting")
            .WithSummary("How many vouchers were issued, claimed, enrolled, completed, claimed for settlement and paid; an institution gets its own")
            .Produces<Funnel>().ProducesProblem(StatusCodes.Status403Forbidden);

    private static async Task<IResult> ReadAsync(FunnelStore funnels, HttpContext context, long? batchId = null)
    {
        var actor = context.Actor();
        if (actor.Institution is { } institution)
            return batchId is null ? TypedResults.Ok(await funnels.OfInstitutionAsync(institution)) : Problems.Of(Refusal.Of(RefusalCode.NotAllowed), context);
        return TypedResults.Ok(await funnels.OfCountyAsync(batchId is { } id ? new BatchId(id) : null));
    }
}
