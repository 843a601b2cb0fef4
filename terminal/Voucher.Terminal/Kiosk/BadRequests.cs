using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Voucher.Core;
using Voucher.Core.Refusals;

namespace Voucher.Terminal.Kiosk;

/// <summary>A body that is not the JSON asked for: names the field where it goes wrong, and nothing else.</summary>
internal sealed class BadRequests : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException bad) return false;
        var field = (bad.InnerException as JsonException)?.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : "body";
        FieldError[] errors = [new(field, new Words("内容格式不对。", "This is not in the expected form."))];
        var extensions = new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = errors };
        await Results.Problem(statusCode: bad.StatusCode, extensions: extensions).ExecuteAsync(httpContext);
        return true;
    }
}
