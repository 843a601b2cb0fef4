using Voucher.Server.Issuing.Printing;
using Voucher.Server.Portal;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Recovering;

/// <summary>A notice as a file: PDF or workbook. Each making of it goes on the audit trail.</summary>
public sealed class ExportNotice(NpgsqlDataSource database, PartialHtml partials, PdfPrinter printer, ServerSettings settings, TimeProvider clock)
{
    public async Task<Outcome<ExportFile>> PdfAsync(NoticeSheet sheet, string subject, Actor actor, CancellationToken cancel)
    {
        if (settings.Chromium is null) return Refusal.Of(RefusalCode.NoPdfPrinter);
        var pdf = await printer.PrintAsync(await partials.RenderAsync("/Settling/Recovering/_NoticeDocument.cshtml", sheet), cancel);
        return await TellAsync(sheet, subject, actor, "notice.print", new ExportFile(pdf, $"{sheet.Number}.pdf"));
    }

    public Task<ExportFile> XlsxAsync(NoticeSheet sheet, string subject, Actor actor) =>
        TellAsync(sheet, subject, actor, "notice.xlsx", new ExportFile(NoticeWorkbook.Write(sheet, Speech.Language), $"{sheet.Number}.xlsx"));

    private async Task<ExportFile> TellAsync(NoticeSheet sheet, string subject, Actor actor, string deed, ExportFile file)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await AuditTrail.AppendAsync(connection, transaction, clock.GetUtcNow(), actor.Account, deed, subject, sheet.Number, ground: sheet.Rule);
        await transaction.CommitAsync();
        return file;
    }
}
