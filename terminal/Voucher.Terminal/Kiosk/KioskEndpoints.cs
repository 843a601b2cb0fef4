using Microsoft.Data.Sqlite;
using Voucher.Core;
using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Terminal.Offline;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Scanning;

namespace Voucher.Terminal.Kiosk;

/// <summary>What the page can ask of the program that serves it.</summary>
internal static class KioskEndpoints
{
    /// <summary>Largest body of a request: digits, identity number and ids take less than half of it.</summary>
    public const int LargestBodyBytes = 4096;

    public sealed record ReadOrder(string? Digits);

    public sealed record ToldOrder(Guid? ScanId);

    /// <param name="Reason"><c>wrongClass</c>, <c>wrongPerson</c>, <c>scannedTwice</c> or <c>other</c>.</param>
    public sealed record CorrectionOrder(Guid? ScanId, string? Reason, string? Note);

    /// <param name="Verdict">Why the code is no voucher for this desk; <c>null</c> when it is one.</param>
    /// <param name="Programme">The programme for which alone the voucher is; <c>null</c> when it is for more.</param>
    /// <param name="Trade">The trade for which alone the voucher is; <c>null</c> when it is for more, or for less.</param>
    public sealed record ReadAnswer(string? VoucherNumber, Verdict? Verdict, int? Programme = null, int? Trade = null);

    public static void MapKiosk(this WebApplication app)
    {
        var local = app.MapGroup("/local");
        local.AddEndpointFilter(DeskCounts.Watch);
        local.MapReaders();
        local.MapGet("/state", (KioskView view) => view.Now());
        local.MapGet("/recent", (DeskHistory history) => history.Recent());
        local.MapGet("/events", Events);
        local.MapPost("/pair", Pair);
        local.MapPost("/read", Read);
        local.MapPost("/scan", Scan);
        local.MapPost("/told", Told);
        local.MapPost("/practice", Practise);
        local.MapPost("/corrections", Correct);
        local.MapGet("/roster", (long classId, DayRoster roster) => roster.Of(classId) is { } shown ? TypedResults.Ok(shown) : Results.NoContent());
    }

    private static IResult Events(KioskEvents events, CancellationToken stop) =>
        events.Subscribe(stop) is { } messages
            ? TypedResults.ServerSentEvents(messages)
            : Results.Problem(statusCode: StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> Pair(PairingOrder order, PairingDesk desk, KioskEvents events, CancellationToken stop)
    {
        var outcome = await desk.Pair(order, stop);
        events.TellState();
        return outcome switch
        {
            Outcome<TerminalPairing>.Done(var pairing) =>
                TypedResults.Ok(new PairingShown(pairing.Server, pairing.TerminalId, pairing.Name, pairing.Fingerprint)),
            Outcome<TerminalPairing>.Refused(var refusal) => Problem(refusal),
            Outcome<TerminalPairing>.BadInput(var errors) => BadInput(errors),
            _ => throw new InvalidOperationException(),
        };
    }

    private static IResult Read(ReadOrder order, FrontDesk desk, TimeProvider time)
    {
        if (order.Digits is not { Length: > 0 and <= ScanLimits.LongestDigits })
            return BadInput([new("digits", new($"应为 1 至 {ScanLimits.LongestDigits} 个字符。", $"Between 1 and {ScanLimits.LongestDigits} characters."))]);
        return desk.Read(order.Digits) switch
        {
            Outcome<VoucherToken>.Done({ Scope: var scope } token) => TypedResults.Ok(new ReadAnswer(
                token.Voucher.ToString(), Verdict: null, scope.IsProgramme ? scope.Code : null, scope.IsTrade ? scope.Code : null)),
            Outcome<VoucherToken>.Refused(var refusal) =>
                TypedResults.Ok(new ReadAnswer(VoucherNumber: null, Verdict.RefusedHere(refusal, mode: null, voucherNumber: null, time.GetUtcNow()))),
            _ => throw new InvalidOperationException(),
        };
    }

    private static async Task<IResult> Scan(ScanOrder order, FrontDesk desk, KioskEvents events, CancellationToken stop)
    {
        try
        {
            var outcome = await desk.Scan(order, stop);
            events.TellState();
            return outcome is Outcome<Verdict>.Done(var verdict)
                ? TypedResults.Ok(verdict)
                : BadInput(((Outcome<Verdict>.BadInput)outcome).Errors);
        }
        catch (SqliteException)
        {
            return DiskFull();
        }
    }

    private static IResult DiskFull() => Results.Problem(
        statusCode: StatusCodes.Status507InsufficientStorage,
        extensions: Extension("reason", new Words("本机磁盘写不进去，这次没有保存。", "This machine's disk cannot be written; it was not saved.")));

    private static IResult Practise(ScanOrder order, FrontDesk desk)
    {
        var outcome = desk.Practise(order);
        return outcome is Outcome<Verdict>.Done(var verdict) ? TypedResults.Ok(verdict) : BadInput(((Outcome<Verdict>.BadInput)outcome).Errors);
    }

    /// <summary>Nothing is undone here: the desk asks, the county decides.</summary>
    private static IResult Correct(CorrectionOrder order, FrontDesk desk, KioskEvents events)
    {
        List<FieldError> errors = [];
        if (order.ScanId is null) errors.Add(new("scanId", new("缺少扫码编号。", "The scan id is missing.")));
        if (!Enum.TryParse<CorrectionReason>(order.Reason, ignoreCase: true, out var reason) || !Enum.IsDefined(reason) || int.TryParse(order.Reason, out _))
            errors.Add(new("reason", new("请选择原因。", "Choose a reason.")));
        if (order.Note?.Length > CorrectionRequest.LongestNote)
            errors.Add(new("note", new($"最多 {CorrectionRequest.LongestNote} 个字。", $"At most {CorrectionRequest.LongestNote} characters.")));
        if (errors.Count > 0) return BadInput(errors);
        try
        {
            if (!desk.AskCorrection(new CorrectionRequest(order.ScanId!.Value, reason, order.Note?.Trim() ?? ""))) return AlreadyAsked;
            events.TellState();
            return Results.NoContent();
        }
        catch (SqliteException)
        {
            return DiskFull();
        }
    }

    private static IResult AlreadyAsked => Results.Problem(
        statusCode: StatusCodes.Status409Conflict,
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["reason"] = new Words("这次扫码已经申请过更正，或本机没有这次扫码。", "A correction of this scan was asked for already, or this terminal has no such scan."),
            ["nextStep"] = new Words("请等县里答复。", "Wait for the county's answer."),
        });

    /// <summary>A person has seen a late refusal.</summary>
    private static IResult Told(ToldOrder order, DeskHistory history)
    {
        if (order.ScanId is not { } scanId) return BadInput([new("scanId", new("缺少扫码编号。", "The scan id is missing."))]);
        return history.MarkSeen(scanId) ? Results.NoContent() : Results.Problem(statusCode: StatusCodes.Status404NotFound);
    }

    private static IResult BadInput(IReadOnlyList<FieldError> errors) =>
        Results.Problem(statusCode: StatusCodes.Status400BadRequest, extensions: Extension("errors", errors));

    private static IResult Problem(Refusal refusal) => Results.Problem(
        statusCode: StatusCodes.Status409Conflict,
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["code"] = (int)refusal.Code, ["reason"] = refusal.Reason, ["nextStep"] = refusal.NextStep,
        });

    private static Dictionary<string, object?> Extension(string name, object value) => new(StringComparer.Ordinal) { [name] = value };
}
