using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Settling.Payments;

/// <summary>Payments by HTTP: from what is owed to the bank's file, to its return, to paid.</summary>
public static class PaymentEndpoints
{
    /// <param name="ClaimIds">Approved claims in no payment yet, at most 500; left out with a fund source: all that it owes.</param>
    /// <param name="FundSourceId">Where the claims' money is of several sources, or no claims are named.</param>
    /// <param name="ToPeople">To trainees instead of institutions.</param>
    /// <param name="Format">Of the bank's file; the usual one when left out.</param>
    /// <param name="Bank">Only payees whose account is at a bank whose name holds this; all when left out.</param>
    public sealed record MakeRequest(IReadOnlyList<long>? ClaimIds, int? FundSourceId = null, bool ToPeople = false, string? Format = null, string? Bank = null);

    /// <param name="BankReference">Of the bank's receipt, at most 60 characters.</param>
    /// <param name="PaidOn">The day on the receipt; today when left out.</param>
    public sealed record PaidRequest(string? BankReference, DateOnly? PaidOn);

    /// <param name="Rows">Numbers of the rows.</param>
    public sealed record ResendRequest(IReadOnlyList<int>? Rows, string? Reason);

    public sealed record ReasonRequest(string? Reason);

    /// <param name="AmountYuan">As the bank's document says.</param>
    public sealed record BounceRequest(string? AmountYuan, string? Document, DateOnly? On);

    public sealed record Made(long Id);

    public sealed record RowView(
        string Institution, string BudgetLine, string PayeeName, string PayeeBank, string PayeeAccountMasked, int Vouchers, long AmountFen,
        int Number, string Status, int Attempt, long PaidFen, long NettedFen, string? Failure);

    public sealed record PaymentView(
        long Id, string Number, string Status, long TotalFen, int Vouchers, string CreatedBy, DateTimeOffset CreatedAt,
        string? PaidBy, DateOnly? PaidOn, string? BankReference, IReadOnlyList<RowView> Rows, IReadOnlyList<long> ClaimIds,
        string Source, string Format, int Round, string? SentBy, DateTimeOffset? SentAt, long PaidFen, long OutstandingFen);

    public sealed record ReturnRowView(int Line, string Reference, string? Answer, string Finding, long? AmountFen);

    /// <param name="Id">None while nothing is booked.</param>
    public sealed record ReturnView(long? Id, long? Upload, int Booked, int AlreadyBooked, int Differences, IReadOnlyList<ReturnRowView> Rows);

    public static void MapPayments(this WebApplication app)
    {
        var group = app.MapGroup("/api/payments").WithTags("Settling");
        group.MapPost("", MakeAsync).RequireAuthorization(Permission.Pay)
            .WithSummary("Put approved claims, or all that a source owes, into one payment").Produces<Made>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapGet("/{id:long}", FindAsync).RequireAuthorization(Permission.ReadPayments)
            .WithSummary("A payment with its rows; accounts are masked").Produces<PaymentView>().ProducesProblem(404);
        // Posts, since accounts leave the house and a mark stays on the audit trail.
        group.MapPost("/{id:long}/file.csv", (long id, MakeFile files, HttpContext context) => FileAsync(id, null, 1, files, context)).RequireAuthorization(Permission.Pay)
            .WithSummary("The first file of the round that was handed over last, with accounts in plain text; each download goes on the audit trail")
            .Produces<string>(contentType: PaymentFile.CsvType).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{id:long}/files/{round:int}/{part:int}", (long id, int round, int part, MakeFile files, HttpContext context) => FileAsync(id, round, part, files, context))
            .RequireAuthorization(Permission.Pay).WithSummary("A file of a round; the same bytes whenever it is fetched").Produces<string>(contentType: PaymentFile.CsvType).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{id:long}/release", async (long id, ReleasePayment release, HttpContext context) =>
                (await release.RunAsync(context.Actor(), new PaymentId(id))).ToHttp(context)).RequireAuthorization(Permission.Pay)
            .WithSummary("Hand the round to the bank, which makes its file; not by who made the round").Produces(204).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{id:long}/paid", PaidAsync).RequireAuthorization(Permission.Pay)
            .WithSummary("The bank has paid all that is with it, as a receipt says").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{id:long}/resend", async (long id, ResendRequest request, CorrectRows rows, HttpContext context) =>
                (await rows.ResendAsync(context.Actor(), new PaymentId(id), request.Rows, request.Reason)).ToHttp(context)).RequireAuthorization(Permission.Pay)
            .WithSummary("Make failed rows the next round, under the same payment and rows").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{id:long}/withdraw", async (long id, CorrectRows rows, HttpContext context) =>
                (await rows.WithdrawAsync(context.Actor(), new PaymentId(id))).ToHttp(context)).RequireAuthorization(Permission.Pay)
            .WithSummary("Give back a round that has not gone out").Produces(204).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{id:long}/cancel", async (long id, ReasonRequest request, CorrectRows rows, HttpContext context) =>
                (await rows.CancelAsync(context.Actor(), new PaymentId(id), request.Reason)).ToHttp(context)).RequireAuthorization(Permission.Pay)
            .WithSummary("Give up a payment that has not gone out: asked by one, done by another").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{id:long}/unpaid", async (long id, ResendRequest request, RecordUnpaid unpaid, HttpContext context) =>
                (await unpaid.RunAsync(context.Actor(), new PaymentId(id), request.Rows, request.Reason)).ToHttp(context)).RequireAuthorization(Permission.Pay)
            .WithSummary("The bank has not paid rows that it was sent: said by one, confirmed by another").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{id:long}/rows/{number:int}/take-out", async (long id, int number, ReasonRequest request, CorrectRows rows, HttpContext context) =>
                (await rows.TakeOutAsync(context.Actor(), new PaymentId(id), number, request.Reason)).ToHttp(context)).RequireAuthorization(Permission.Pay)
            .WithSummary("Take a failed row out: asked by one, done by another").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{id:long}/rows/{number:int}/bounce", async (long id, int number, BounceRequest request, BounceRow bounce, HttpContext context) =>
                (await bounce.RunAsync(context.Actor(), new PaymentId(id), number, request.AmountYuan, request.Document, request.On)).ToHttp(context)).RequireAuthorization(Permission.Pay)
            .WithSummary("The bank returned what it had paid for a row").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        app.MapPost("/api/payment-returns", ReturnAsync).RequireAuthorization(Permission.Pay).DisableAntiforgery().WithTags("Settling")
            .WithMetadata(new RequestSizeLimitAttribute(UploadLimits.LargestRequestBytes))
            .WithSummary("The bank's return: book=no shows each row, book=all books when all are good, book=good keeps the others as differences; paidOn is the bank's day")
            .Produces<ReturnView>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> MakeAsync(MakeRequest request, MakePayment make, HttpContext context)
    {
        var claims = request.ClaimIds?.Distinct().Select(id => new ClaimId(id)).ToList() ?? [];
        var source = request.FundSourceId is { } id ? new FundSourceId(id) : (FundSourceId?)null;
        return await make.RunAsync(context.Actor(), new PaymentChoice(claims, source, request.ToPeople, request.Format, request.Bank)) switch
        {
            Outcome<PaymentId>.Done(var payment) => TypedResults.Ok(new Made(payment.Value)),
            var outcome => outcome.ToHttp(context),
        };
    }

    private static async Task<IResult> FindAsync(long id, PaymentReading payments, HttpContext context) =>
        await payments.FindAsync(new PaymentId(id)) is { } payment
            ? TypedResults.Ok(View(payment))
            : Problems.Of(Refusal.Of(RefusalCode.NotFound), context);

    private static async Task<IResult> FileAsync(long id, int? round, int part, MakeFile files, HttpContext context) =>
        await files.FetchAsync(context.Actor(), new PaymentId(id), round, part) switch
        {
            Outcome<BankFile>.Done(var file) => TypedResults.File(file.Content, file.ContentType, file.Name),
            var outcome => outcome.ToHttp(context),
        };

    private static async Task<IResult> PaidAsync(long id, PaidRequest request, MarkPaid paid, HttpContext context) =>
        (await paid.RunAsync(context.Actor(), new PaymentId(id), request.BankReference, request.PaidOn)).ToHttp(context);

    private static async Task<IResult> ReturnAsync(IFormFile? file, [FromForm] string? format, [FromForm] string? book, [FromForm] DateOnly? paidOn, ImportReturn import, HttpContext context)
    {
        if (UploadedFile.ProblemOf(file) is { } problem) return new Outcome<Nothing>.BadInput([problem]).ToHttp(context);
        if (book is not (null or "" or "no" or "all" or "good"))
            return new Outcome<Nothing>.BadInput([new("book", new("应为 no、all 或 good", "Must be no, all or good"))]).ToHttp(context);
        var uploaded = await import.UploadAsync(context.Actor(), await UploadedFile.ReadAsync(file!, context.RequestAborted), format);
        if (uploaded is not Outcome<long>.Done(var upload)) return uploaded.ToHttp(context);
        if (await import.PreviewAsync(context.Actor(), upload) is not Outcome<ReturnPreview>.Done(var preview)) return Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
        IReadOnlyList<ReturnRowView> rows = [.. preview.Rows.Select(row => new ReturnRowView(row.Line, row.Reference, row.Answer?.ToString(), row.Finding.ToString(), row.Amount?.Value))];
        if (book is not ("all" or "good"))
            return TypedResults.Ok(new ReturnView(null, upload, 0, preview.Rows.Count - preview.Good - preview.Differences, preview.Differences, rows));
        return await import.BookAsync(context.Actor(), upload, keepDifferences: book == "good", paidOn) switch
        {
            Outcome<BookedReturn>.Done(var booked) => TypedResults.Ok(new ReturnView(booked.Id, null, booked.Booked, booked.AlreadyBooked, booked.Differences, rows)),
            var outcome => outcome.ToHttp(context),
        };
    }

    private static PaymentView View(PaymentDetail payment)
    {
        var summary = payment.Summary;
        return new PaymentView(
            summary.Id, PaymentFile.NumberOf(new PaymentId(summary.Id)), summary.Status.ToString(), summary.Total.Value, summary.Vouchers,
            summary.CreatedBy, summary.CreatedAt, summary.PaidBy, summary.PaidOn, summary.BankReference,
            [.. payment.Rows.Select(row => new RowView(
                row.Institution, row.BudgetLine, row.PayeeName, row.PayeeBank, row.PayeeAccountMasked, row.Vouchers, row.AmountFen.Value,
                row.Number, row.Status.ToString(), row.Attempt, row.PaidFen.Value, row.NettedFen.Value, row.Failure))],
            payment.Claims, summary.Source, summary.Format, summary.Round, summary.SentBy, summary.SentAt, summary.Paid.Value, summary.Outstanding.Value);
    }
}
