using Voucher.Server.Issuing.Printing;

namespace Voucher.Server.Settling.Publishing;

/// <summary>A published list on A4 with page numbers and a place for the seal: the public document with all its lines.</summary>
public sealed class PublicationPaper(Notices notices, NoticePages pages, PdfPrinter printer, ServerSettings settings)
{
    /// <returns><c>null</c> where there is no such list.</returns>
    public async Task<string?> HtmlAsync(long id) => await notices.WholeAsync(id) is { } view ? await pages.RenderAsync(view) : null;

    public async Task<Outcome<byte[]>> PdfAsync(long id, CancellationToken cancel)
    {
        if (settings.Chromium is null) return Refusal.Of(RefusalCode.NoPdfPrinter);
        return await HtmlAsync(id) is { } html ? await printer.PrintAsync(html, cancel) : Refusal.Of(RefusalCode.NotFound);
    }
}
