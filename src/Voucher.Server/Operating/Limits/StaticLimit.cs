namespace Voucher.Server.Operating.Limits;

/// <summary>
/// Bounds requests for files, and for addresses where nothing is. It stands before authorization, which would ask for a
/// log-in even for the log-in page's style sheet.
/// </summary>
public sealed class StaticLimit(ServerSettings settings) : IMiddleware, IDisposable
{
    private readonly AddressLimit _limit = new(RateLimit.Static, settings);

    public Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        context.GetEndpoint() is not null || _limit.MayPass(context)
            ? next(context)
            : RateLimits.RefuseAsync(context, RateLimit.Static, RateLimits.Window).AsTask();

    public void Dispose() => _limit.Dispose();
}
