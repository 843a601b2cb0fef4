using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Voucher.Core.Settling;
using Voucher.Server.Api;
using Voucher.Server.Operating.Limits;

namespace Voucher.Server.Settling.Publishing;

/// <summary>The published lists, without a log-in: as pages and as data, and the form by which anybody may object.</summary>
public static class NoticeEndpoints
{
    private const string Html = "text/html; charset=utf-8";

    /// <summary>Bytes of an objection's form.</summary>
    public const int LargestForm = 16 * 1024;

    /// <param name="IsRunning">While it is, anybody may object.</param>
    public sealed record NoticeAnswer(
        long Id, string Number, string Heading, DateOnly From, DateOnly Until, bool IsRunning, string Phone, string Place, string Rule, int Lines, long AmountFen, int Pages);

    /// <param name="Name">The first character of the name alone.</param>
    /// <param name="VoucherEnd">The last four digits of the voucher's number.</param>
    /// <param name="AmountFen">With what of it is kept back for a while.</param>
    public sealed record NoticeLineAnswer(
        int Position, string Institution, string Course, [property: System.Text.Json.Serialization.JsonPropertyName("class")] string ClassName, int Vouchers, string VoucherEnd, string Name, long AmountFen, long RetainedFen);

    public sealed record NoticeBoardAnswer(string County, DateOnly Day, IReadOnlyList<NoticeAnswer> Notices);

    public sealed record NoticePageAnswer(NoticeAnswer Notice, int Page, IReadOnlyList<NoticeLineAnswer> Lines);

    public static void MapNotices(this WebApplication app)
    {
        string[] reading = [HttpMethods.Get, HttpMethods.Head];
        app.MapMethods("/notice", reading, ListAsync).AllowAnonymous().ExcludeFromDescription().WithMetadata(RateLimit.Menu);
        app.MapMethods("/notice/{id:long}", reading, ShowAsync).AllowAnonymous().ExcludeFromDescription().WithMetadata(RateLimit.Menu);
        // Nobody is logged in here, so there is no session that a foreign page could borrow; what it could do is refused by its origin.
        app.MapPost("/notice/{id:long}/objection", ObjectAsync).AllowAnonymous().ExcludeFromDescription().DisableAntiforgery()
            .WithMetadata(RateLimit.Objection, new RequestSizeLimitAttribute(LargestForm));
        app.MapGet("/api/notices", AnswerAllAsync).AllowAnonymous().WithMetadata(RateLimit.Menu).WithTags("Publication")
            .WithSummary("Published lists of the day, without a log-in: running ones, and those that ended within 30 days").Produces<NoticeBoardAnswer>().ProducesProblem(429);
        app.MapGet("/api/notices/{id:long}", AnswerAsync).AllowAnonymous().WithMetadata(RateLimit.Menu).WithTags("Publication")
            .WithSummary("A page of a published list, masked").Produces<NoticePageAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(429);
    }

    private static async Task<IResult> ListAsync(string? lang, Notices notices, NoticePages pages, HttpContext context) =>
        Send(context, await pages.GetAsync(await notices.BoardAsync(), null, 1, lang == "en"));

    private static async Task<IResult> ShowAsync(long id, string? p, string? lang, Notices notices, NoticePages pages, HttpContext context)
    {
        var board = await notices.BoardAsync();
        // A list that is not up yet, one that is no longer, and a number that none has get the same answer.
        if (board.Find(id) is not { } notice || PageOf(p, notice) is not { } page) return TypedResults.StatusCode(StatusCodes.Status404NotFound);
        return Send(context, await pages.GetAsync(board, notice, page, lang == "en"));
    }

    private static async Task<IResult> ObjectAsync(
        long id, [FromForm] string? lines, [FromForm] string? said, [FromForm] string? objector, [FromForm] string? lang,
        Notices notices, NoticePages pages, TakeObjection take, HttpContext context)
    {
        // A foreign page shall not make its visitors object.
        if (context.Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none")) return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        var board = await notices.BoardAsync();
        if (board.Find(id) is not { } notice) return TypedResults.StatusCode(StatusCodes.Status404NotFound);
        var form = new ObjectionForm(lines, null, said, objector, ObjectionChannel.PublicPage);
        var outcome = await take.InPublicAsync(id, form);
        IReadOnlyList<Words> faults = outcome switch
        {
            Outcome<long>.Refused(var refusal) => [refusal.Reason, refusal.NextStep],
            Outcome<long>.BadInput(var errors) => [.. errors.Select(error => error.Problem)],
            _ => [],
        };
        var view = new NoticeView(board, notice, 1, await notices.LinesAsync(notice, 1), lang == "en", new NoticeSaid(faults, faults.Count > 0 ? form : null));
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Content(await pages.RenderAsync(view), Html, Encoding.UTF8, outcome switch
        {
            Outcome<long>.Done => StatusCodes.Status200OK,
            Outcome<long>.BadInput => StatusCodes.Status400BadRequest,
            _ => StatusCodes.Status409Conflict,
        });
    }

    private static async Task<IResult> AnswerAllAsync(Notices notices, HttpContext context)
    {
        var board = await notices.BoardAsync();
        context.Response.Headers.CacheControl = CacheControl;
        return TypedResults.Ok(new NoticeBoardAnswer(board.County, board.Day, [.. board.Notices.Select(notice => Answer(notice, board))]));
    }

    private static async Task<IResult> AnswerAsync(long id, Notices notices, HttpContext context, [FromQuery] int page = 1)
    {
        var board = await notices.BoardAsync();
        if (board.Find(id) is not { } notice) return Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
        if (page < 1 || page > notice.Pages) return Problems.Of([new FieldError("page", new($"页码应为 1 到 {notice.Pages}", $"Pages run from 1 to {notice.Pages}"))], context);
        context.Response.Headers.CacheControl = CacheControl;
        return TypedResults.Ok(new NoticePageAnswer(Answer(notice, board), page, [.. (await notices.LinesAsync(notice, page)).Select(line => new NoticeLineAnswer(
            line.Position, line.Institution, line.Course, line.ClassName, line.Vouchers, line.VoucherTail, line.MaskedName, line.AmountFen.Value, line.RetainedFen.Value))]));
    }

    private static NoticeAnswer Answer(Notice notice, NoticeBoard board) => new(
        notice.Id, notice.Number, notice.Heading, notice.FromDay, notice.UntilDay, notice.Period.IsRunningOn(board.Day), notice.Phone, notice.Place, notice.Rule,
        notice.Lines, notice.AmountFen.Value, notice.Pages);

    private static int? PageOf(string? p, Notice notice)
    {
        if (string.IsNullOrEmpty(p)) return 1;
        return int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page >= 1 && page <= notice.Pages ? page : null;
    }

    private static readonly string CacheControl =
        string.Create(CultureInfo.InvariantCulture, $"public, max-age={(int)Notices.Keep.TotalSeconds}");

    private static IResult Send(HttpContext context, NoticePage page)
    {
        var headers = context.Response.Headers;
        (headers.ETag, headers.CacheControl, headers.Vary) = (page.Tag, CacheControl, HeaderNames.AcceptEncoding);
        if (context.Request.Headers.IfNoneMatch.Any(given => given is not null && given.Contains(page.Tag, StringComparison.Ordinal)))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        if (!context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase)) return TypedResults.Bytes(page.Html, Html);
        headers.ContentEncoding = "gzip";
        return TypedResults.Bytes(page.Gzip, Html);
    }
}
