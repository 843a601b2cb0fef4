namespace Voucher.Terminal.Lan;

/// <summary>What may pass through the second door. The rules for foreign pages (<see cref="Kiosk.LocalOnly"/>) hold beside these.</summary>
internal static class LanRules
{
    public const string Cookie = "__Host-voucher-tablet";

    /// <summary>What a tablet needs before it is let in.</summary>
    private static readonly HashSet<PathString> Open = ["/tablet.html", "/css/tablet.css", "/js/tablet.js", "/icon.svg", "/lan/enter", "/lan/authority.crt"];

    /// <summary>What is done at the PC alone, whoever has been let in.</summary>
    private static readonly PathString[] OnlyAtThePc = ["/local/pair", "/local/diagnostics", "/local/tablets", "/diagnostics.html", "/tablets.html"];

    public static bool IsThroughLan(HttpContext context, LanDoor door) => door.IsListening && context.Connection.LocalPort == door.Port && context.Request.IsHttps;

    /// <returns>The status to answer with; <c>null</c> when the request may pass.</returns>
    public static int? WhyNot(HttpContext context, LanDoor door)
    {
        // A line that was opened before the door was closed.
        if (!door.IsOn) return StatusCodes.Status403Forbidden;
        if (!door.IsOwn(context.Request.Host)) return StatusCodes.Status421MisdirectedRequest;
        var path = context.Request.Path;
        if (Array.Exists(OnlyAtThePc, one => path.StartsWithSegments(one, StringComparison.OrdinalIgnoreCase))) return StatusCodes.Status403Forbidden;
        if (Open.Contains(path)) return null;
        if (door.Tablets.Find(context.Request.Cookies[Cookie]) is not { } tablet) return StatusCodes.Status403Forbidden;
        // A tablet that is removed loses what it is listening to at once.
        var leaving = door.Tablets.Leaving(tablet).Register(context.Abort);
        context.Response.RegisterForDispose(leaving);
        return null;
    }
}
