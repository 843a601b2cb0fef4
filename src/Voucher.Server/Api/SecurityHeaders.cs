namespace Voucher.Server.Api;

/// <summary>What every answer tells the browser: run and load only what comes from here, and show it in nobody's frame.</summary>
public static class SecurityHeaders
{
    /// <summary>
    /// No inline script anywhere. Inline styles stay allowed: they cannot run code, and the print pages size vouchers with
    /// them. Pictures may be <c>data:</c>, as QR codes and the theme's icons are.
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
            await next(context);
        });
        // Only says anything over HTTPS, and never on loopback.
        app.UseHsts();
    }
}
