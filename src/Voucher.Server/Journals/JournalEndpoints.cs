using Voucher.Core.Wire;
using Voucher.Server.Api;
using Voucher.Server.Operating.Limits;
using Voucher.Server.Terminals;

namespace Voucher.Server.Journals;

/// <summary>Journals over HTTP: receipts and uploads for the terminals.</summary>
public static class JournalEndpoints
{
    public static void MapJournals(this WebApplication app)
    {
        var device = app.MapGroup("/api/terminal/journal").WithTags("Terminal device").WithMetadata(RateLimit.Device)
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes(AccountSchemes.Terminal).RequireAuthenticatedUser());
        device.MapPost("/receipt", ReceiptAsync)
            .WithSummary("A signed receipt for the head of the terminal's journal").Produces<HeadReceipt>().ProducesProblem(400).ProducesProblem(409);
        device.MapPost("/", UploadAsync).WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(JournalLimits.LargestUploadBytes))
            .WithSummary("Part of the terminal's journal; the same entries may come any number of times").Produces<JournalUploadAnswer>().ProducesProblem(400).ProducesProblem(409);
        device.MapPost("/answers", AnswersAsync)
            .WithSummary("What came of scans that were accepted offline").Produces<OfflineAnswers>().ProducesProblem(400);
    }

    private static async Task<IResult> ReceiptAsync(ReceiptRequest request, HeadReceipts receipts, TerminalStore terminals, HttpContext context)
    {
        if (UploadCheck.Errors(request) is { Count: > 0 } errors) return Problems.Of(errors, context);
        var id = TerminalLogIn.TerminalOf(context.User);
        if (await terminals.FindAsync(id) is not { Status: TerminalStatus.Active }) return Problems.Of(Refusal.Of(RefusalCode.TerminalNotActive), context);
        return TypedResults.Ok(await receipts.GiveAsync(id, request));
    }

    private static async Task<IResult> UploadAsync(JournalUpload upload, TakeUpload take, HttpContext context)
    {
        var taken = await take.RunAsync(TerminalLogIn.TerminalOf(context.User), upload);
        if (taken is Outcome<JournalUploadAnswer>.Refused({ SendFrom: { } from })) context.Response.Headers[JournalLimits.SendFromHeader] = from.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return taken.ToHttp(context);
    }

    private static async Task<IResult> AnswersAsync(OfflineAnswersRequest request, MergeQueueStore queue, HttpContext context)
    {
        if (UploadCheck.Errors(request) is { Count: > 0 } errors) return Problems.Of(errors, context);
        var answers = await queue.AnswersAsync(TerminalLogIn.TerminalOf(context.User), request.ScanIds);
        return TypedResults.Ok(new OfflineAnswers([.. answers.Select(WireJson.ReadAnswer)]));
    }
}
