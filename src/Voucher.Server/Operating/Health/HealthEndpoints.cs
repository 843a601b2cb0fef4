using Voucher.Server.Operating.Limits;
using Voucher.Server.Portal;

namespace Voucher.Server.Operating.Health;

/// <summary>For whatever watches the server: alive, ready, and what it does without.</summary>
public static class HealthEndpoints
{
    /// <param name="Status"><c>ready</c>, <c>degraded</c> (answers stay right) or <c>down</c>.</param>
    public sealed record HealthView(string Status, bool Database, bool Redis, IReadOnlyList<ReasonView> Reasons);

    /// <param name="Name">Stable, for programs.</param>
    /// <param name="Text">For people: what it is and what to do.</param>
    public sealed record ReasonView(string Name, string Text);

    public static void MapHealth(this WebApplication app)
    {
        var health = app.MapGroup("/health").AllowAnonymous().WithTags("Health").WithMetadata(RateLimit.Probe);
        health.MapGet("/live", () => TypedResults.Ok()).WithSummary("The process answers");
        health.MapGet("/ready", (HealthCheck check, HttpContext context) => AnswerAsync(check, context))
            .WithSummary("Whether requests may be sent here: 200 ready or degraded, 503 not").Produces<HealthView>().Produces<HealthView>(503);
        health.MapGet("/", (HealthCheck check, HttpContext context) => AnswerAsync(check, context))
            .WithSummary("How the server stands, with every reason").Produces<HealthView>().Produces<HealthView>(503);
    }

    private static async Task<IResult> AnswerAsync(HealthCheck check, HttpContext context)
    {
        var report = await check.LookAsync();
        var language = Speech.LanguageOf(context);
        var view = new HealthView(report.Status, report.Database, report.Redis, [.. report.Reasons.Select(reason => new ReasonView(reason.ToString(), reason.Explain().In(language)))]);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(view, statusCode: report.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
