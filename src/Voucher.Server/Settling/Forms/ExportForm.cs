using Voucher.Server.Issuing.Printing;
using Voucher.Server.Portal;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Forms;

/// <summary>A form as a file: PDF or workbook. Each making is on the audit trail.</summary>
public sealed class ExportForm(FormBook book, PartialHtml partials, PdfPrinter printer, ServerSettings settings, NpgsqlDataSource database, TimeProvider clock)
{
    public const string PdfType = "application/pdf";

    public async Task<Outcome<ExportFile>> PdfAsync(Actor actor, FormWish wish, CancellationToken cancel)
    {
        if (settings.Chromium is null) return Refusal.Of(RefusalCode.NoPdfPrinter);
        if (await book.FindAsync(actor, wish) is not Outcome<FormSheet>.Done(var form)) return await RefuseAsync(actor, wish);
        var html = await partials.RenderAsync("/Settling/Forms/_FormDocument.cshtml", form);
        return await TellAsync(actor, form, "form.pdf", new ExportFile(await printer.PrintAsync(html, cancel), $"{form.Title.In(Speech.Language)} {form.Number}.pdf"));
    }

    public async Task<Outcome<ExportFile>> XlsxAsync(Actor actor, FormWish wish)
    {
        if (await book.FindAsync(actor, wish) is not Outcome<FormSheet>.Done(var form)) return await RefuseAsync(actor, wish);
        return await TellAsync(actor, form, "form.xlsx", new ExportFile(FormWorkbook.Write(form, Speech.Language), $"{form.Title.In(Speech.Language)} {form.Number}.xlsx"));
    }

    private async Task<Outcome<ExportFile>> RefuseAsync(Actor actor, FormWish wish) => await book.FindAsync(actor, wish) switch
    {
        Outcome<FormSheet>.Refused(var refusal) => refusal,
        Outcome<FormSheet>.BadInput(var errors) => errors.ToList(),
        _ => Refusal.Of(RefusalCode.NotFound),
    };

    private async Task<ExportFile> TellAsync(Actor actor, FormSheet form, string deed, ExportFile file)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await AuditTrail.AppendAsync(
            connection, transaction, clock.GetUtcNow(), actor.Account, deed, $"form:{form.Number}", $"rows={form.Tables.Sum(table => table.Rows.Count)}",
            Ground.Under(Permission.ReadForms));
        await transaction.CommitAsync();
        return file;
    }
}
