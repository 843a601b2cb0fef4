using Voucher.Server.Api;

namespace Voucher.Server.Issuing.Printing;

/// <param name="Township">Nine-digit code; none: the whole batch.</param>
/// <param name="Village">Twelve-digit code; none: all of them.</param>
public sealed record PrintRequest(int? Township, long? Village);

/// <param name="Job">Number of the print job; its files come one by one.</param>
public sealed record PrintJobAnswer(long Job);

/// <param name="Status"><c>Waiting</c>, <c>Ready</c>, <c>Failed</c> or <c>Removed</c>.</param>
/// <param name="Path">Where the PDF is to be had; <c>null</c> until it is ready.</param>
public sealed record PrintFileAnswer(int Number, string Title, int Vouchers, string Status, long? SizeBytes, string? Path);

public sealed record PrintStatusAnswer(long? Job, int Ready, int Total, IReadOnlyList<PrintFileAnswer> Files);

/// <summary>Printing by HTTP: ask for the PDFs of a batch, see how far they are, fetch them.</summary>
public static class PrintEndpoints
{
    public static void MapPrinting(this WebApplication app)
    {
        var prints = app.MapGroup("/api/batches/{id:long}/print").WithTags("Printing").RequireAuthorization(Permission.PrintVouchers);
        prints.MapPost("", PrintAsync).WithSummary("Make the PDFs of a batch, in the background")
            .Produces<PrintJobAnswer>().ProducesProblem(404).ProducesProblem(409);
        prints.MapGet("", StatusAsync).WithSummary("The newest print job of a batch and its files")
            .Produces<PrintStatusAnswer>().ProducesProblem(404);
        prints.MapGet("/{file:int}.pdf", FetchAsync).WithSummary("A finished PDF of the newest job")
            .Produces<byte[]>(200, "application/pdf").ProducesProblem(404);
    }

    private static async Task<IResult> PrintAsync(long id, PrintRequest request, PrintBatch print, HttpContext context) =>
        await print.RunAsync(new BatchId(id), request.Township, context.Actor(), request.Village) switch
        {
            Outcome<long>.Done(var job) => TypedResults.Ok(new PrintJobAnswer(job)),
            var outcome => outcome.ToHttp(context),
        };

    private static async Task<IResult> StatusAsync(long id, NpgsqlDataSource database, County county, HttpContext context)
    {
        await using var connection = await database.OpenConnectionAsync();
        if (await BatchStore.FindAsync(connection, county.Region, new BatchId(id)) is null)
            return Problems.Of(Refusal.Of(RefusalCode.NotFound), context);
        var files = await PrintStore.NewestAsync(connection, new BatchId(id));
        return TypedResults.Ok(new PrintStatusAnswer(
            files.Count == 0 ? null : files[0].JobId,
            files.Count(file => file.Status == PrintStatus.Ready),
            files.Count,
            [.. files.Select(file => new PrintFileAnswer(
                file.Number, file.Title, file.Vouchers, file.Status.ToString(), file.SizeBytes,
                file.Status == PrintStatus.Ready ? $"/api/batches/{id}/print/{file.Number}.pdf" : null))]));
    }

    private static async Task<IResult> FetchAsync(long id, int file, FetchPdf fetch, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return await fetch.RunAsync(new BatchId(id), file, context.Actor()) switch
        {
            Outcome<PdfFile>.Done(var pdf) => TypedResults.File(pdf.Content, "application/pdf", pdf.Name, enableRangeProcessing: true),
            var outcome => outcome.ToHttp(context),
        };
    }
}
