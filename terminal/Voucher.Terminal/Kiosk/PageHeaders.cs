namespace Voucher.Terminal.Kiosk;

/// <summary>The page may load nothing but what this program serves, and nobody may frame it.</summary>
internal static class PageHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
        + "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void UsePageHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(self)";
        // An updated program must not run with yesterday's page.
        headers.CacheControl = "no-cache";
        return next(context);
    });
}
