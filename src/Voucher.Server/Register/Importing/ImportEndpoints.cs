using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Register.Importing;

/// <summary>Importing the 花名册 over HTTP.</summary>
public static class ImportEndpoints
{
    public const int MostErrorsInAnswer = 1000;

    /// <param name="SameAs">Id of an earlier import of the very same file, if there was one.</param>
    public sealed record StartedDto(long Id, int TotalRows, long? SameAs);

    /// <param name="Status">
    /// <c>Waiting</c>, <c>Running</c>, <c>Finished</c> or <c>Failed</c>; with a preview also <c>Columns</c>, <c>Checking</c>, <c>Checked</c> and
    /// <c>Discarded</c>; when undone <c>Undoing</c> and <c>Undone</c>.
    /// </param>
    /// <param name="Bad">Rows that were not imported; a row may have several errors.</param>
    /// <param name="ToReview">Rows that wait for a person to decide whom they mean.</param>
    public sealed record ImportDto(
        long Id, string FileName, string? List, string Status, int TotalRows, int DoneRows, int Added, int Changed, int Unchanged, int Bad,
        string? Failure, string Notes, int ToReview);

    /// <param name="Row">As Excel counts.</param>
    public sealed record ErrorDto(int Row, string Column, string Reason);

    /// <param name="Total">All errors; the answer holds at most 1,000 of them, the CSV holds all.</param>
    public sealed record ErrorsDto(int Total, IReadOnlyList<ErrorDto> Errors);

    public sealed record UndoRequest(string? Reason);

    public static void MapRegisterImports(this WebApplication app)
    {
        var imports = app.MapGroup("/api/register/imports").WithTags("Register");
        // A bearer token cannot be forged across sites; the cookie opens nothing under /api.
        imports.MapPost("", StartAsync).RequireAuthorization(Permission.ImportRegister).DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(UploadLimits.LargestRequestBytes))
            .WithFormOptions(memoryBufferThreshold: UploadLimits.LargestRequestBytes) // Nobody's number touches the disk in plain.
            .WithSummary("Import a 花名册 (.xlsx or .csv), and put its people on a named list if one is given; answers before the rows are read. With preview=true a dry run comes first and waits to be started")
            .Produces<StartedDto>(StatusCodes.Status202Accepted).ProducesProblem(400).ProducesProblem(403);
        imports.MapGet("/{id:long}", GetAsync).RequireAuthorization(Permission.ReadWholeRegister)
            .WithSummary("Progress and result of an import").Produces<ImportDto>().ProducesProblem(404);
        imports.MapGet("/{id:long}/errors", ErrorsAsync).RequireAuthorization(Permission.ReadWholeRegister)
            .WithSummary("Rows that were not imported, and why").Produces<ErrorsDto>().ProducesProblem(404);
        imports.MapGet("/{id:long}/errors.csv", ErrorsCsvAsync).RequireAuthorization(Permission.ReadWholeRegister)
            .WithSummary("All errors as CSV").Produces(200, contentType: "text/csv").ProducesProblem(404);
        imports.MapPost("/{id:long}/start", BeginAsync).RequireAuthorization(Permission.ImportRegister)
            .WithSummary("Start an import whose dry run is over").Produces(204).ProducesProblem(404).ProducesProblem(409);
        imports.MapPost("/{id:long}/undo", UndoAsync).RequireAuthorization(Permission.ImportRegister)
            .WithSummary("Take out again what an import did, with the reason; people who hold a voucher or were changed since stay")
            .Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        imports.MapGet("/{id:long}/undo", UndoneAsync).RequireAuthorization(Permission.ReadWholeRegister)
            .WithSummary("What an undo has come to, or would come to").Produces<UndoReport>().ProducesProblem(404);
    }

    private static async Task<IResult> StartAsync(IFormFile? file, [FromForm] string? list, [FromForm] string? preview, StartImport start, HttpContext context) =>
        await start.RunAsync(file, list, isAsked: preview == "true", context.Actor(), context.RequestAborted) switch
        {
            Outcome<StartedImport>.Done(var import) =>
                TypedResults.Accepted($"/api/register/imports/{import.Id}", new StartedDto(import.Id, import.Rows, import.SameAs)),
            var outcome => outcome.ToHttp(context),
        };

    private static async Task<IResult> GetAsync(long id, ImportStore imports, Speech speech, HttpContext context) =>
        await imports.GetAsync(id) is { } import ? TypedResults.Ok(ToDto(import, speech)) : NotFound(context);

    private static async Task<IResult> ErrorsAsync(long id, ImportStore imports, Speech speech, HttpContext context)
    {
        if (await imports.GetAsync(id) is null) return NotFound(context);
        var errors = await imports.ErrorsAsync(id, 0, MostErrorsInAnswer);
        return TypedResults.Ok(new ErrorsDto(
            await imports.CountErrorsAsync(id), [.. errors.Select(error => new ErrorDto(error.RowNumber, error.ColumnName, speech[error.Reason]))]));
    }

    private static async Task<IResult> ErrorsCsvAsync(
        long id, ImportStore imports, ErrorsCsv csv, NpgsqlDataSource database, TimeProvider clock, HttpContext context)
    {
        if (await imports.GetAsync(id) is null) return NotFound(context);
        await Spreadsheets.ExportTrail.NoteAsync(database, context.Actor(), "import.errors", $"import:{id}", Ground.Under(Permission.ReadWholeRegister), clock.GetUtcNow());
        return TypedResults.Stream(body => csv.WriteAsync(id, body, context.RequestAborted), "text/csv; charset=utf-8", $"errors-{id}.csv");
    }

    private static async Task<IResult> BeginAsync(long id, PrepareImport prepare, HttpContext context) =>
        (await prepare.BeginAsync(context.Actor(), id)).ToHttp(context);

    private static async Task<IResult> UndoAsync(long id, UndoRequest request, UndoImport undo, HttpContext context) =>
        (await undo.RunAsync(context.Actor(), id, request.Reason)).ToHttp(context);

    private static async Task<IResult> UndoneAsync(long id, ImportStore imports, UndoStore undo, HttpContext context) =>
        await imports.GetAsync(id) is null
            ? NotFound(context)
            : TypedResults.Ok(await undo.ReportAsync(id) ?? await undo.ForeseeAsync(id));

    private static IResult NotFound(HttpContext context) => Problems.Of(Refusal.Of(RefusalCode.NotFound), context);

    private static ImportDto ToDto(ImportState import, Speech speech) => new(
        import.Id, import.FileName, import.ListName, import.Status.ToString(), import.TotalRows, import.DoneRows, import.Added,
        import.Changed, import.Unchanged, import.Bad, import.Failure is { } failure ? speech[failure] : null,
        speech[import.NotesZh, import.NotesEn], import.ToReview);
}
