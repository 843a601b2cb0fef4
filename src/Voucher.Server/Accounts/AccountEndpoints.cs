using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Accounts;

/// <summary>Logging in to the API, logging out of the portal, switching its language.</summary>
public static class AccountEndpoints
{
    /// <param name="Login">User name, at most 32 characters.</param>
    /// <param name="Password">At most 128 characters.</param>
    public sealed record LogInRequest(string? Login, string? Password);

    /// <summary>Who is logged in.</summary>
    public sealed record Me(string Name, IReadOnlyList<string> Roles, int? InstitutionId);

    public static void MapAccounts(this WebApplication app)
    {
        app.MapPost("/api/login", LogInAsync).AllowAnonymous().WithTags("Accounts")
            .WithSummary("Log in: answers with a bearer access token")
            .Produces<Microsoft.AspNetCore.Authentication.BearerToken.AccessTokenResponse>().ProducesProblem(400);
        app.MapGet("/api/me", (HttpContext context) =>
            {
                var actor = context.Actor();
                return new Me(actor.Name, [.. actor.Roles.Select(role => role.ToString()).Order()], actor.Institution?.Value);
            })
            .RequireAuthorization().WithTags("Accounts").WithSummary("Who is logged in");
        app.MapPost("/log-out", (Delegate)LogOutAsync).ExcludeFromDescription().AllowAnonymous();
        app.MapPost("/language", SwitchLanguage).ExcludeFromDescription().AllowAnonymous();
    }

    private static async Task<IResult> LogInAsync(LogInRequest request, LogIn logIn, HttpContext context) =>
        await logIn.TryAsync(request.Login, request.Password) switch
        {
            Outcome<Actor>.Done(var actor) => TypedResults.SignIn(actor.ToPrincipal(AccountSchemes.Token), authenticationScheme: AccountSchemes.Token),
            var outcome => outcome.ToHttp(context),
        };

    private static async Task<IResult> LogOutAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context)) return TypedResults.StatusCode(StatusCodes.Status400BadRequest);
        await context.SignOutAsync(AccountSchemes.Cookie);
        return TypedResults.LocalRedirect("/log-in");
    }

    /// <summary>Reading a form asks for the token against forgery by itself.</summary>
    private static IResult SwitchLanguage(HttpContext context, [FromForm] string? language, [FromForm] string? returnTo)
    {
        var culture = language == Speech.English ? Speech.English : Speech.Chinese;
        context.Response.Cookies.Append(
            "language",
            CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)),
            new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, HttpOnly = true, IsEssential = true });
        // A path of this site only: "//elsewhere" and "/\elsewhere" lead away.
        var isLocal = returnTo is ['/', not ('/' or '\\'), ..] or "/";
        return TypedResults.LocalRedirect(isLocal ? returnTo! : "/");
    }
}
