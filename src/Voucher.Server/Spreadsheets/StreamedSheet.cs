using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Voucher.Server.Spreadsheets;

/// <summary>
/// A spreadsheet that is sent while it is written: rows are read, written and sent part by part, so that a file of any length
/// takes little memory and nothing of it touches the disk. What it is about stands on a sheet of its own.
/// </summary>
public sealed class StreamedSheet(
    string fileName, string sheet, IReadOnlyList<SheetColumn> columns, IAsyncEnumerable<SheetCell[]> rows, params IReadOnlyList<(string Label, SheetCell Value)> about)
    : ActionResult, IResult
{
    public static StreamedSheet Of<T>(
        string fileName, string sheet, string language, Columns<T> columns, IAsyncEnumerable<T> rows, params IReadOnlyList<(string Label, SheetCell Value)> about) =>
        new(fileName, sheet, columns.In(language), rows.Select(row => columns.CellsOf(row, language)), about);

    public override Task ExecuteResultAsync(ActionContext context) => ExecuteAsync(context.HttpContext);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = Workbook.ContentType;
        if (string.IsNullOrEmpty(response.Headers.CacheControl)) response.Headers.CacheControl = "no-store";
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(fileName);
        response.Headers.ContentDisposition = disposition.ToString();
        return WriteAsync(response.Body, httpContext.RequestAborted);
    }

    private async Task WriteAsync(Stream to, CancellationToken cancel)
    {
        await using var parts = new PartStream();
        using (var book = new Workbook(parts))
        {
            book.Begin(sheet, columns);
            await foreach (var row in rows.WithCancellation(cancel))
            {
                book.Add(row);
                if (parts.HasFullPart) await to.WriteAsync(parts.Take(), cancel);
            }
            if (about.Count > 0) AddAbout(book);
        }
        await to.WriteAsync(parts.Take(), cancel);
    }

    private void AddAbout(Workbook book)
    {
        book.Begin("说明", [new("项目", CellKind.Text, 22), new("内容", CellKind.Text, 40)]);
        foreach (var (label, value) in about) book.Add([SheetCell.OfText(label), value]);
    }
}
