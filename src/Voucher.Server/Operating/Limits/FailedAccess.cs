using Microsoft.AspNetCore.Authorization;

namespace Voucher.Server.Operating.Limits;

/// <summary>
/// Bounds requests that are turned away for want of a log-in, by address, and beyond the bound closes the connection: whoever
/// guesses tokens must connect anew each time. Only requests that fail are held up, so a neighbour behind the same address
/// is not.
/// </summary>
public sealed class FailedAccess(BadInputs badInputs, ServerSettings settings) : IMiddleware, IDisposable
{
    private readonly AddressLimit _limit = new(RateLimit.FailedAccess, settings);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (!IsTurnedAway(context)) return;
        if (context.Response.StatusCode == StatusCodes.Status401Unauthorized) badInputs.Count(BadInputKind.NoAccess, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "");
        if (_limit.MayPass(context) || context.Response.HasStarted) return;
        context.Response.Headers.WWWAuthenticate = context.Response.Headers.Location = default;
        context.Response.Headers.Connection = "close";
        await RateLimits.RefuseAsync(context, RateLimit.FailedAccess, RateLimits.Window);
    }

    public void Dispose() => _limit.Dispose();

    /// <summary>The API says 401, the portal sends to the log-in.</summary>
    private static bool IsTurnedAway(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status401Unauthorized => true,
        StatusCodes.Status302Found => context.User.Identity is not { IsAuthenticated: true } && context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null,
        _ => false,
    };
}
