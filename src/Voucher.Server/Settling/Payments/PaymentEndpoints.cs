using Voucher.Server.Api;

namespace Voucher.Server.Settling.Payments;

/// <summary>Payments by HTTP: from approved claims to the bank's file to paid.</summary>
public static class PaymentEndpoints
{
    public const string CsvType = "text/csv";

    /// <param name="ClaimIds">Approved claims in no payment yet, at most 500.</param>
    public sealed record MakeRequest(IReadOnlyList<long>? ClaimIds);

    /// <param name="BankReference">Of the bank's receipt, at most 60 characters.</param>
    /// <param name="PaidOn">The day on the receipt; today when left out.</param>
    public sealed record PaidRequest(string? BankReference, DateOnly? PaidOn);

    public sealed record Made(long Id);

    public sealed record RowView(string Institution, string BudgetLine, string PayeeName, string PayeeBank, string PayeeAccountMasked, int Vouchers, long AmountFen);

    public sealed record PaymentView(
        long Id, string Number, string Status, long TotalFen, int Vouchers, string CreatedBy, DateTimeOffset CreatedAt,
        string? PaidBy, DateOnly? PaidOn, string? BankReference, IReadOnlyList<RowView> Rows, IReadOnlyList<long> ClaimIds);

    public static void MapPayments(this WebApplication app)
    {
        app.MapPost("/api/payments", MakeAsync).RequireAuthorization(Permission.Pay).WithTags("Settling")
            .WithSummary("Put approved claims into one payment").Produces<Made>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        app.MapGet("/api/payments/{id:long}", FindAsync).RequireAuthorization(Permission.ReadLedger).WithTags("Settling")
            .WithSummary("A payment with its rows; accounts are masked").Produces<PaymentView>().ProducesProblem(404);
        app.MapGet("/api/payments/{id:long}/file.csv", FileAsync).RequireAuthorization(Permission.Pay).WithTags("Settling")
            .WithSummary("The bank's file, with accounts in plain text; each download goes on the audit trail")
            .Produces<string>(contentType: CsvType).ProducesProblem(404);
        app.MapPost("/api/payments/{id:long}/paid", PaidAsync).RequireAuthorization(Permission.Pay).WithTags("Settling")
            .WithSummary("The bank has paid").Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> MakeAsync(MakeRequest request, MakePayment make, HttpContext context) =>
        await make.RunAsync(context.Actor(), request.ClaimIds) switch
        {
            Outcome<PaymentId>.Done(var payment) => TypedResults.Ok(new Made(payment.Value)),
            var outcome => outcome.ToHttp(context),
        };

    private static async Task<IResult> FindAsync(long id, PaymentReading payments, HttpContext context) =>
        await payments.FindAsync(new PaymentId(id)) is { } payment
            ? TypedResults.Ok(View(payment))
            : Problems.Of(Refusal.Of(RefusalCode.NotFound), context);

    private static async Task<IResult> FileAsync(long id, PaymentReading payments, HttpContext context) =>
        await payments.ExportAsync(context.Actor(), new PaymentId(id)) switch
        {
            Outcome<byte[]>.Done(var file) => TypedResults.File(file, CsvType, $"{PaymentFile.NumberOf(new PaymentId(id))}.csv"),
            var outcome => outcome.ToHttp(context),
        };

    private static async Task<IResult> PaidAsync(long id, PaidRequest request, MarkPaid paid, HttpContext context) =>
        (await paid.RunAsync(context.Actor(), new PaymentId(id), request.BankReference, request.PaidOn)).ToHttp(context);

    private static PaymentView View(PaymentDetail payment)
    {
        var summary = payment.Summary;
        return new PaymentView(
            summary.Id, PaymentFile.NumberOf(new PaymentId(summary.Id)), summary.Status.ToString(), summary.Total.Value, summary.Vouchers,
            summary.CreatedBy, summary.CreatedAt, summary.PaidBy, summary.PaidOn, summary.BankReference,
            [.. payment.Rows.Select(row => new RowView(
                row.Institution, row.BudgetLine, row.PayeeName, row.PayeeBank, row.PayeeAccountMasked, row.Vouchers, row.AmountFen.Value))],
            payment.Claims);
    }
}
