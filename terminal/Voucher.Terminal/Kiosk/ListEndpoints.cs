using Microsoft.AspNetCore.Mvc;
using Voucher.Core.OfflineLists;
using Voucher.Terminal.OfflineLists;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Kiosk;

/// <summary>The page hands over a file of lists from a USB stick.</summary>
internal static class ListEndpoints
{
    public const string Path = "/local/lists";
    public const string FileType = "application/octet-stream";

    /// <summary>
    /// A file of up to 64 MiB that is too large is heard out, and then refused with a reason; beyond, the connection ends in the
    /// middle of the sending.
    /// </summary>
    public const int LargestHeardOut = 16 * ListFile.LargestBytes;

    /// <summary>What is held after the file has been taken in.</summary>
    public sealed record ListsTaken(long Counter, DateTimeOffset RefreshedAt);

    public static void MapLists(this WebApplication app) =>
        app.MapPost(Path, Take).WithMetadata(new RequestSizeLimitAttribute(LargestHeardOut));

    private static async Task<IResult> Take(HttpRequest request, CurrentTerminal current, KioskEvents events, CancellationToken stop)
    {
        if (current.Value is not { } terminal) return Problem(ListFault.NoKeys);
        if (await Load(terminal, request.Body, stop) is var fault and not ListFault.None) return Problem(fault);
        events.TellState();
        var held = terminal.Statuses.Current!;
        return TypedResults.Ok(new ListsTaken(held.Counter, held.RefreshedAt));
    }

    private static async Task<ListFault> Load(PairedTerminal terminal, Stream body, CancellationToken stop)
    {
        try
        {
            var fault = await ListDesk.LoadFromFile(terminal, body, stop);
            if (fault == ListFault.TooLarge) await body.CopyToAsync(Stream.Null, stop);
            return fault;
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return ListFault.TooLarge;
        }
    }

    private static IResult Problem(ListFault fault) => Results.Problem(
        statusCode: fault switch
        {
            ListFault.TooLarge => StatusCodes.Status413PayloadTooLarge,
            ListFault.NotSaved => StatusCodes.Status507InsufficientStorage,
            _ => StatusCodes.Status409Conflict,
        },
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["fault"] = fault.ToString(), ["reason"] = fault.Reason(), ["nextStep"] = fault.NextStep(),
        });
}
