using System.Globalization;
using Microsoft.Net.Http.Headers;
using Voucher.Server.Api;
using Voucher.Server.Operating.Limits;

namespace Voucher.Server.PublicMenu;

/// <summary>The public menu, without a log-in: as a page and as data.</summary>
public static class MenuEndpoints
{
    /// <param name="Free">Places that are left.</param>
    public sealed record MenuClassAnswer(string Name, DateOnly StartsOn, int Free);

    /// <param name="Township">Code of the township that the address names.</param>
    /// <param name="Classes">The first three to begin of those that enrol today.</param>
    public sealed record MenuOfferAnswer(string Institution, string Address, string Phone, int? Township, IReadOnlyList<MenuClassAnswer> Classes);

    public sealed record MenuOrderAnswer(string Employer, string Post, int Size);

    /// <param name="IsNear">Taught in the township that was asked for, or wherever people are.</param>
    /// <param name="SubsidyFen">What a class approved today would freeze.</param>
    /// <param name="Rules">What the subsidy rests on: document, version, clause.</param>
    public sealed record MenuEntryAnswer(
        int Code, string Name, int TradeCode, string Trade, string Level, string Kind, string Mode, int TheoryHours, int PracticeHours, int SafetyHours,
        long SubsidyFen, IReadOnlyList<string> Rules, bool IsGuided, bool? IsNear, MenuOrderAnswer? Order, IReadOnlyList<MenuOfferAnswer> Offers);

    /// <param name="HasRule">False on a day that no policy pack covers: no desk enrols, and no class is named.</param>
    public sealed record MenuAnswer(string County, DateOnly Day, bool HasRule, IReadOnlyList<MenuEntryAnswer> Programmes);

    public static void AddPublicMenu(this IServiceCollection services) =>
        services.AddSingleton<MenuBoards>().AddSingleton<MenuHtml>().AddSingleton<MenuPages>();

    public static void MapPublicMenu(this WebApplication app)
    {
        foreach (var path in new[] { "/menu", "/menu/{township}" })
            app.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], ShowAsync).AllowAnonymous().ExcludeFromDescription().WithMetadata(RateLimit.Menu);
        app.MapGet("/api/menu", AnswerAsync).AllowAnonymous().WithMetadata(RateLimit.Menu).WithTags("Programmes")
            .WithSummary("The public menu: what may be learnt where, without a log-in").Produces<MenuAnswer>().ProducesProblem(400).ProducesProblem(429);
    }

    private static async Task<IResult> ShowAsync(
        string? township, string? trade, string? kind, string? near, string? q, string? lang, MenuBoards boards, MenuPages pages, HttpContext context)
    {
        var board = await boards.GetAsync();
        var (asked, errors) = MenuQuestion.Read(board, township, trade, kind, near, q, lang);
        if (errors.Count > 0) return TypedResults.StatusCode(errors.Exists(error => error.Field == "township") ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest);
        var page = await pages.GetAsync(board, asked);
        return IsKnown(context, page.Tag) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : Send(context, page);
    }

    private static async Task<IResult> AnswerAsync(
        string? township, string? trade, string? kind, string? near, string? q, MenuBoards boards, HttpContext context)
    {
        var board = await boards.GetAsync();
        var (asked, errors) = MenuQuestion.Read(board, township, trade, kind, near, q, null);
        if (errors.Count > 0) return Problems.Of(errors, context);
        context.Response.Headers.CacheControl = CacheControl;
        return TypedResults.Ok(new MenuAnswer(board.County, board.Day, board.HasRule, [.. board.Find(asked).Select(entry => Answer(entry, asked.Township))]));
    }

    private static readonly string CacheControl =
        string.Create(CultureInfo.InvariantCulture, $"public, max-age={(int)MenuBoards.Keep.TotalSeconds}");

    private static bool IsKnown(HttpContext context, string tag)
    {
        var headers = context.Response.Headers;
        (headers.ETag, headers.CacheControl, headers.Vary) = (tag, CacheControl, HeaderNames.AcceptEncoding);
        return context.Request.Headers.IfNoneMatch.Any(given => given is not null && given.Contains(tag, StringComparison.Ordinal));
    }

    private static IResult Send(HttpContext context, MenuPage page)
    {
        const string html = "text/html; charset=utf-8";
        if (!context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase)) return TypedResults.Bytes(page.Html, html);
        context.Response.Headers.ContentEncoding = "gzip";
        return TypedResults.Bytes(page.Gzip, html);
    }

    private static MenuEntryAnswer Answer(MenuEntry entry, int? township)
    {
        var p = entry.Programme;
        return new MenuEntryAnswer(
            p.Code, p.Name, p.TradeCode, p.Trade, p.Level.ToString(), p.Kind.ToString(), p.Mode.ToString(), p.TheoryHours, p.PracticeHours, p.SafetyHours,
            entry.Worth.Amount.Value, [.. entry.Worth.Rules.Select(rule => rule.ToString())], entry.Worth.IsGuided, township is { } place ? entry.IsNear(place) : null,
            entry.Order is { } order ? new MenuOrderAnswer(order.Employer, order.Post, order.Size) : null,
            [.. entry.Offers.Select(offer => new MenuOfferAnswer(
                offer.Institution, offer.Address, offer.Phone, offer.Township,
                [.. offer.Classes.Select(one => new MenuClassAnswer(one.Name, one.StartsOn, one.Free))]))]);
    }
}
