using Microsoft.Extensions.Primitives;
using Voucher.Terminal.Lan;

namespace Voucher.Terminal.Kiosk;

/// <summary>
/// Any page that this PC's browser has open could call a server on the loopback address. So: the Host must be a loopback
/// name (a foreign name that resolves to it is an attack), a browser's request must come from the kiosk page itself, and
/// what changes anything must be JSON or, where a file is brought, plain bytes, which no plain form can send.
/// </summary>
internal static class LocalOnly
{
    private static readonly HashSet<string> LoopbackNames = new(StringComparer.OrdinalIgnoreCase) { "localhost", "127.0.0.1", "[::1]" };

    /// <param name="lan">The door for tablets, which have other names and need to be let in.</param>
    public static void UseLocalOnly(this WebApplication app, LanDoor lan) => app.Use(async (context, next) =>
    {
        var whyNot = LanRules.IsThroughLan(context, lan)
            ? LanRules.WhyNot(context, lan) ?? WhyNotByPage(context.Request)
            : WhyNotByName(context.Request) ?? WhyNotByPage(context.Request);
        if (whyNot is not { } status)
        {
            await next(context);
            return;
        }
        await Results.Problem(statusCode: status).ExecuteAsync(context);
    });

    private static int? WhyNotByName(HttpRequest request) => LoopbackNames.Contains(request.Host.Host) ? null : StatusCodes.Status421MisdirectedRequest;

    private static int? WhyNotByPage(HttpRequest request)
    {
        var isAsked = request.Path.StartsWithSegments("/local", StringComparison.OrdinalIgnoreCase)
            || request.Path.StartsWithSegments("/lan", StringComparison.OrdinalIgnoreCase);
        if (!isAsked) return null;
        if (IsFromElsewhere(request)) return StatusCodes.Status403Forbidden;
        // Neither can be sent by a plain form.
        var isFile = request.Path.Equals(ListEndpoints.Path, StringComparison.OrdinalIgnoreCase) && request.ContentType == ListEndpoints.FileType;
        return HttpMethods.IsGet(request.Method) || request.HasJsonContentType() || isFile ? null : StatusCodes.Status415UnsupportedMediaType;
    }

    private static bool IsFromElsewhere(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0 && site != "same-origin" && site != "none") return true;
        var origin = request.Headers.Origin;
        return !StringValues.IsNullOrEmpty(origin)
            && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
