using Voucher.Server.Api;

namespace Voucher.Server.Supervising;

/// <summary>Spot checks over HTTP; they are read with their class.</summary>
public static class SupervisingEndpoints
{
    public static void MapSupervising(this WebApplication app) =>
        app.MapPost("/api/classes/{id:long}/spot-checks", async (long id, SpotCheckForm form, RecordSpotCheck record, HttpContext context) =>
                (await record.RunAsync(new ClassId(id), form, context.Actor())).ToHttp(context))
            .RequireAuthorization(Permission.SpotCheck).WithTags("Supervising")
            .WithSummary("Record a spot check of a class").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
}
