using Voucher.Server.Portal;

namespace Voucher.Server.Issuing.Printing;

/// <summary>Renders the very page that the clerk's browser shows, outside of any request.</summary>
public sealed class PaperHtml(PartialHtml partials)
{
    public Task<string> RenderAsync(Paper paper) => partials.RenderAsync("/Issuing/Printing/_PaperDocument.cshtml", paper);
}
