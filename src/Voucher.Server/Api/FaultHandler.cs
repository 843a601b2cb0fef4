using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Voucher.Server.Ledger.Closing;
using Voucher.Server.Operating;
using Voucher.Server.Operating.Limits;

namespace Voucher.Server.Api;

/// <summary>
/// Last stop for what was thrown while answering the API: a body that cannot be read is bad input and names where; a month that
/// was closed meanwhile is a refusal; anything else is a fault, said without inner details.
/// </summary>
public sealed class FaultHandler(BadInputs badInputs, ClosedMeanwhile closed) : IExceptionHandler
{
    /// <summary>Of a field's name as it came in: said back to whoever sent it, but not at any length.</summary>
    private const int LongestFieldName = 60;

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancel)
    {
        // By now the request's own path is that of the fault page; the feature keeps the one that was asked for.
        var path = new PathString(context.Features.Get<IExceptionHandlerPathFeature>()!.Path);
        if (exception is BadHttpRequestException unreadable) badInputs.Count(JsonFaults.KindOf(unreadable), RouteOf(context));
        if (!path.StartsWithSegments("/api")) return false;
        IResult result = exception is BadHttpRequestException bad
            ? Problems.Of([Explain(bad)], context)
            : ClosedMeanwhile.Is(exception) ? Problems.Of(await closed.SayAsync(), context)
            : TypedResults.Problem(
                type: "urn:voucher:fault",
                title: new Words("系统出错，请稍后重试", "Something went wrong; please try again").In(Portal.Speech.LanguageOf(context)),
                statusCode: StatusCodes.Status500InternalServerError);
        await result.ExecuteAsync(context);
        return true;
    }

    private static FieldError Explain(BadHttpRequestException bad) => bad switch
    {
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => new("body", new("内容过大", "The content is too large")),
        { InnerException: JsonException { Path: { Length: > 2 } path } json } => new(FieldOf(path), JsonFaults.IsUnknownField(json)
            ? new("没有这个字段", "There is no such field")
            : new("类型或格式不对", "Wrong type or format")),
        { InnerException: JsonException } => new("body", new("不是有效的 JSON，或缺少必填字段", "Not valid JSON, or a required field is missing")),
        _ => new("request", new("请求格式不对", "The request cannot be read")),
    };

    private static string FieldOf(string path) => path.TrimStart('$').TrimStart('.') is var field && field.Length > LongestFieldName ? field[..LongestFieldName] : field;

    private static string RouteOf(HttpContext context) =>
        (context.Features.Get<IExceptionHandlerPathFeature>()?.Endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "";
}
