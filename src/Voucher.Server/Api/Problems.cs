using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Voucher.Server.Portal;

namespace Voucher.Server.Api;

/// <summary>The one place where refusals and bad input become HTTP: problem details (RFC 9457) in the caller's language.</summary>
public static class Problems
{
    /// <summary>200 with the value, 400 naming each field, or the refusal's own status.</summary>
    public static IResult ToHttp<T>(this Outcome<T> outcome, HttpContext context) => outcome switch
    {
        Outcome<T>.Done(Nothing) => TypedResults.NoContent(),
        Outcome<T>.Done(var value) => TypedResults.Ok(value),
        Outcome<T>.Refused(var refusal) => Of(refusal, context),
        Outcome<T>.BadInput(var errors) => Of(errors, context),
        _ => throw new InvalidOperationException(),
    };

    public static ProblemHttpResult Of(Refusal refusal, HttpContext context)
    {
        var language = Speech.LanguageOf(context);
        if (refusal.RetryAfterSeconds is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Problem(
            type: $"urn:voucher:refusal:{(int)refusal.Code}",
            title: refusal.Reason.In(language),
            detail: refusal.NextStep.In(language),
            statusCode: StatusOf(refusal.Code),
            extensions: new Dictionary<string, object?>
            {
                ["code"] = (int)refusal.Code,
                ["name"] = refusal.Code.ToString(),
                ["rule"] = refusal.Rule?.ToString(),
            });
    }

    public static ProblemHttpResult Of(IReadOnlyList<FieldError> errors, HttpContext context)
    {
        var language = Speech.LanguageOf(context);
        return TypedResults.Problem(
            type: "urn:voucher:bad-input",
            title: new Words("输入有误", "Bad input").In(language),
            detail: string.Join("; ", errors.Select(error => $"{error.Field}: {error.Problem.In(language)}")),
            statusCode: StatusCodes.Status400BadRequest,
            extensions: new Dictionary<string, object?>
            {
                ["errors"] = errors.GroupBy(error => error.Field).ToDictionary(
                    group => group.Key, group => group.Select(error => error.Problem.In(language)).ToArray()),
            });
    }

    private static int StatusOf(RefusalCode code) => code switch
    {
        RefusalCode.NotAllowed => StatusCodes.Status403Forbidden,
        RefusalCode.NotFound => StatusCodes.Status404NotFound,
        RefusalCode.TooManyScans or RefusalCode.TooManyShortCodes => StatusCodes.Status429TooManyRequests,
        RefusalCode.TooBusy => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status409Conflict,
    };
}
