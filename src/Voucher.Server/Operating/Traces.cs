using System.Diagnostics;

namespace Voucher.Server.Operating;

/// <summary>Where this program's own spans come from. Without a listener (see <see cref="Telemetry"/>) a span costs nothing.</summary>
public static class Traces
{
    public static readonly ActivitySource Source = new("Voucher");

    /// <summary>Names a request's span by its route: the address itself may hold a secret.</summary>
    public static void UseTraceNames(this WebApplication app) => app.Use((context, next) =>
    {
        if (Activity.Current is { IsAllDataRequested: true } span && context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            span.DisplayName = $"{context.Request.Method} {route}";
            span.SetTag("http.route", route);
        }
        return next(context);
    });
}
