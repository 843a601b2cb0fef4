using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;

namespace Voucher.Server.Operating;

/// <summary>
/// The meters in Prometheus' text format: for a caller on this machine that came through no proxy, one who shows
/// <c>VOUCHER_METRICS_TOKEN</c>, or a log-in that may operate.
/// </summary>
public static class MetricsEndpoint
{
    public const int ShortestToken = 24;
    private const string Scheme = "Bearer ";

    public static void MapMetrics(this WebApplication app) =>
        app.MapGet("/metrics", AnswerAsync).AllowAnonymous().WithTags("Health").WithMetadata(Limits.RateLimit.Probe)
            .WithSummary("Metrics in Prometheus text format; for loopback, VOUCHER_METRICS_TOKEN or an operator").Produces<string>(200, "text/plain").ProducesProblem(401);

    private static async Task<IResult> AnswerAsync(HttpContext context, MetricBook book, ServerSettings settings) =>
        IsOnThisMachine(context) || ShowsToken(context, settings.MetricsToken) || await MayOperateAsync(context)
            ? TypedResults.Text(PrometheusText.Write(book.Read()), PrometheusText.ContentType)
            : TypedResults.Problem(statusCode: StatusCodes.Status401Unauthorized, type: "urn:voucher:status:401");

    /// <summary>A proxy on this machine calls from loopback too, but says for whom.</summary>
    private static bool IsOnThisMachine(HttpContext context)
    {
        var headers = context.Request.Headers;
        var isDirect = !headers.ContainsKey("X-Forwarded-For") && !headers.ContainsKey("X-Original-For") && !headers.ContainsKey("Forwarded") && !headers.ContainsKey("Via");
        return isDirect && context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
    }

    private static bool ShowsToken(HttpContext context, string? token)
    {
        var shown = context.Request.Headers.Authorization.ToString();
        return token is not null && shown.StartsWith(Scheme, StringComparison.Ordinal)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(shown[Scheme.Length..])), SHA256.HashData(Encoding.UTF8.GetBytes(token)));
    }

    private static async Task<bool> MayOperateAsync(HttpContext context)
    {
        foreach (var scheme in new[] { AccountSchemes.Cookie, AccountSchemes.Token })
            if (await context.AuthenticateAsync(scheme) is { Succeeded: true, Principal: { Identity.IsAuthenticated: true } user } && Actor.Of(user).May(Permission.Operate)) return true;
        return false;
    }
}
