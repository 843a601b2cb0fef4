using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;
using Voucher.Server.Api;

namespace Voucher.Server.Operating.Limits;

/// <summary>Bounds how often every endpoint may be asked; there is none without a limit but the page that says what went wrong.</summary>
/// <remarks>Behind a proxy set <c>VOUCHER_PROXIES</c>, or all the county shares the proxy's address.</remarks>
public static class RateLimits
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>Whose count a request goes to.</summary>
    private readonly record struct Counted(RateLimit Limit, object Whose);

    public static void AddRateLimits(this IServiceCollection services)
    {
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<ServerSettings>((options, settings) =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, Counted>(context => PartitionOf(context, settings.RateScale));
            options.OnRejected = (rejected, _) => RefuseAsync(rejected.HttpContext, LimitOf(rejected.HttpContext), RetryAfter(rejected.Lease));
        });
    }

    /// <summary>The limit of an endpoint; <c>null</c> only for the page that a refused request is shown.</summary>
    public static RateLimit? Of(Endpoint? endpoint)
    {
        if (endpoint is null) return RateLimit.Static;
        if (endpoint.Metadata.GetMetadata<DisableRateLimitingAttribute>() is not null) return null;
        if (endpoint.Metadata.GetMetadata<RateLimit>() is { } own) return own;
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null) return RateLimit.Anonymous;
        return endpoint is RouteEndpoint { RoutePattern.RawText: { } path } && path.TrimStart('/').StartsWith("api/", StringComparison.Ordinal)
            ? RateLimit.Api
            : RateLimit.Portal;
    }

    /// <summary>A file costs more than what it is sent to.</summary>
    public static RateLimit? LimitOf(HttpContext context)
    {
        var limit = Of(context.GetEndpoint());
        var hasFile = (limit == RateLimit.Api || limit == RateLimit.Portal)
            && context.Request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;
        return hasFile ? RateLimit.Upload : limit;
    }

    /// <summary>429 with when to come back and which limit it was; callers of the API as problem details, people as a page.</summary>
    public static ValueTask RefuseAsync(HttpContext context, RateLimit? limit, TimeSpan retryAfter)
    {
        var name = limit?.Name ?? "";
        context.RequestServices.GetRequiredService<Meters>().Limited(name);
        context.RequestServices.GetRequiredService<BadInputs>().Count(BadInputKind.TooFast, name);
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return context.Request.Path.StartsWithSegments("/api") ? new ValueTask(StatusProblems.WriteAsync(context, name)) : ValueTask.CompletedTask;
    }

    /// <summary>Of IPv6 the first 64 bits.</summary>
    public static IPAddress AddressOf(HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        null => IPAddress.None,
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4(),
        { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } six => new IPAddress([.. six.GetAddressBytes().AsSpan(0, 8), .. new byte[8]]),
        var four => four,
    };

    /// <summary>What has no endpoint has been counted by <see cref="StaticLimit"/>.</summary>
    private static RateLimitPartition<Counted> PartitionOf(HttpContext context, int scale) => context.GetEndpoint() is null || LimitOf(context) is not { } limit
        ? RateLimitPartition.GetNoLimiter(default(Counted))
        : RateLimitPartition.GetFixedWindowLimiter(new Counted(limit, WhoseOf(context, limit)), counted => Fixed(counted.Limit, scale));

    internal static FixedWindowRateLimiterOptions Fixed(RateLimit limit, int scale) =>
        new() { PermitLimit = limit.PerMinute * scale, Window = Window };

    private static object WhoseOf(HttpContext context, RateLimit limit) =>
        limit.By == CountedBy.Identity && context.User.FindFirst(ClaimTypes.NameIdentifier) is { } who
            ? (who.Subject?.AuthenticationType, who.Value)
            : AddressOf(context);

    private static TimeSpan RetryAfter(RateLimitLease lease) => lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Window;
}
