using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;
using Voucher.Server.Portal;

namespace Voucher.Server.Api;

/// <summary>
/// Gives the API's bare statuses (no token, no such path, wrong method, too many requests) their problem details, so that
/// a caller always gets JSON.
/// </summary>
public static class StatusProblems
{
    private static readonly Dictionary<int, Words> Titles = new()
    {
        [StatusCodes.Status400BadRequest] = new("请求格式不对", "The request cannot be read"),
        [StatusCodes.Status401Unauthorized] = new("请先登录（POST /api/login）", "Log in first (POST /api/login)"),
        [StatusCodes.Status403Forbidden] = new("您没有办理这项业务的权限", "You are not allowed to do this"),
        [StatusCodes.Status404NotFound] = new("没有这个地址", "There is no such address"),
        [StatusCodes.Status405MethodNotAllowed] = new("这个地址不支持该方法", "The address does not support this method"),
        [StatusCodes.Status413PayloadTooLarge] = new("内容过大", "The content is too large"),
        [StatusCodes.Status415UnsupportedMediaType] = new("内容类型不对", "The content type is not supported"),
        [StatusCodes.Status429TooManyRequests] = new("请求太多，请稍后再试", "Too many requests; try again in a moment"),
    };

    /// <summary>For <c>UseStatusCodePages</c>: runs only when nothing has been written yet.</summary>
    public static Task WriteAsync(StatusCodeContext status) => WriteAsync(status.HttpContext, limit: null);

    /// <param name="limit">Name of the rate limit that was met, for 429.</param>
    public static Task WriteAsync(HttpContext context, string? limit)
    {
        var code = context.Response.StatusCode;
        var title = Titles.TryGetValue(code, out var known) ? known.In(Speech.LanguageOf(context)) : ReasonPhrases.GetReasonPhrase(code);
        Dictionary<string, object?>? more = limit is null ? null : new() { ["limit"] = limit };
        return TypedResults.Problem(type: $"urn:voucher:status:{code}", title: title, statusCode: code, extensions: more).ExecuteAsync(context);
    }
}
