using System.Text.Json;

namespace Voucher.Server.Operating.Limits;

/// <summary>Tells apart why JSON could not be read. The library has one exception for all, told apart by its words.</summary>
public static class JsonFaults
{
    public static bool IsUnknownField(JsonException fault) => fault.Message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal);

    /// <summary>The text ended before the JSON did.</summary>
    public static bool IsTruncated(JsonException fault) =>
        fault.Message.Contains("reached end of data", StringComparison.Ordinal) || fault.Message.Contains("depth to be zero at the end", StringComparison.Ordinal)
        || fault.Message.Contains("Expected end of string", StringComparison.Ordinal) || fault.Message.Contains("does not contain any JSON tokens", StringComparison.Ordinal);

    public static BadInputKind KindOf(BadHttpRequestException fault) => fault switch
    {
        { StatusCode: StatusCodes.Status413PayloadTooLarge or StatusCodes.Status431RequestHeaderFieldsTooLarge or StatusCodes.Status414UriTooLong } => BadInputKind.Oversized,
        { StatusCode: StatusCodes.Status408RequestTimeout } => BadInputKind.Silent,
        { InnerException: JsonException json } when IsUnknownField(json) => BadInputKind.UnknownField,
        { InnerException: JsonException json } when IsTruncated(json) => BadInputKind.Truncated,
        { InnerException: JsonException json } when json.InnerException is JsonException => BadInputKind.Malformed, // The reader's own: no JSON at all.
        { InnerException: JsonException } => BadInputKind.WrongType,
        _ when fault.Message.Contains("Unexpected end of request content", StringComparison.Ordinal) => BadInputKind.Truncated,
        _ => BadInputKind.Malformed,
    };
}
