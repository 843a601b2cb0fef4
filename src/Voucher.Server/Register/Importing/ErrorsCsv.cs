using System.Globalization;
using CsvHelper;
using Voucher.Server.Portal;

namespace Voucher.Server.Register.Importing;

/// <summary>
/// The errors of an import as a file that Excel opens by double click: UTF-8 with byte order mark, and no cell that Excel
/// would compute. Rows are named by number: no names or numbers of people are in it.
/// </summary>
public sealed class ErrorsCsv(ImportStore imports, Speech speech)
{
    private const int PageRows = 5000;
    private static readonly CsvWriterOptions Options = new() { WriteByteOrderMark = true, Injection = CsvInjection.Escape };

    public async Task WriteAsync(long import, Stream to, CancellationToken cancel)
    {
        await using var csv = CsvWriter.Create(to, Options, leaveOpen: true);
        await csv.WriteRecordAsync([speech["行号", "Row"], speech["列", "Column"], speech["原因", "Reason"]], cancel);
        for (var skip = 0; ; skip += PageRows)
        {
            var page = await imports.ErrorsAsync(import, skip, PageRows);
            foreach (var error in page)
                await csv.WriteRecordAsync([error.RowNumber.ToString(CultureInfo.InvariantCulture), error.ColumnName, speech[error.Reason]], cancel);
            await csv.FlushAsync(cancel);
            if (page.Count < PageRows) return;
        }
    }
}
