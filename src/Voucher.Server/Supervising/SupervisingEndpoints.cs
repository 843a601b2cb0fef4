using Voucher.Core.Classes;
using Voucher.Server.Api;

namespace Voucher.Server.Supervising;

/// <summary>Spot checks over HTTP; they are read with their class.</summary>
public static class SupervisingEndpoints
{
    public static void MapSupervising(this WebApplication app)
    {
        app.MapPost("/api/classes/{id:long}/spot-checks", async (long id, SpotCheckForm form, RecordSpotCheck record, HttpContext context) =>
                (await record.RunAsync(new ClassId(id), form, context.Actor())).ToHttp(context))
            .RequireAuthorization(Permission.SpotCheck).WithTags("Supervising")
            .WithSummary("Record a spot check of a class").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        app.MapGet("/api/spot-checks/{id:long}/photos/{number:int}", async Task<IResult> (long id, int number, PhotoStore photos, HttpContext context) =>
                await photos.FindAsync(context.Actor(), id, number) is { } photo
                    ? TypedResults.File(photo.Content, photo.Kind == PhotoKind.Jpeg ? "image/jpeg" : "image/png")
                    : Problems.Of(Refusal.Of(RefusalCode.NotFound), context))
            .RequireAuthorization(Permission.ReadClaims).WithTags("Supervising")
            .WithSummary("A photo of a spot check; an institution sees those of its own classes").Produces(200).ProducesProblem(404);
    }
}
