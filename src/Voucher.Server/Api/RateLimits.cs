using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;

namespace Voucher.Server.Api;

/// <summary>
/// How often one address may ask what is open to anybody: the log-in, a voucher's phone page, pairing. What needs a log-in
/// is not limited here; scans have their own limits by terminal, failed log-ins theirs by name.
/// </summary>
/// <remarks>
/// Behind a proxy set <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED=true</c>, or all the county shares the proxy's address.
/// </remarks>
public static class RateLimits
{
    /// <summary>Wide enough for an office or a mobile network behind one address, too narrow to guess codes.</summary>
    public const int AnonymousPerAddress = 600;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static void AddRateLimits(this IServiceCollection services) => services.AddRateLimiter(options =>
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(LimitOf);
        options.OnRejected = (rejected, _) =>
        {
            rejected.HttpContext.Response.Headers.RetryAfter = ((int)Window.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return ValueTask.CompletedTask;
        };
    });

    private static RateLimitPartition<string> LimitOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null
            ? RateLimitPartition.GetNoLimiter("logged in")
            : RateLimitPartition.GetFixedWindowLimiter(
                context.Connection.RemoteIpAddress?.ToString() ?? "",
                _ => new FixedWindowRateLimiterOptions { PermitLimit = AnonymousPerAddress, Window = Window });
}
