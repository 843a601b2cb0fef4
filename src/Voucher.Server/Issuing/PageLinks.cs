using Voucher.Server.Portal;

namespace Voucher.Server.Issuing;

/// <summary>Links to the pages of a list.</summary>
public sealed record PageLinks(int Page, int Total, Func<int, string> To)
{
    public int Pages => Math.Max(1, (Total + PortalPage.PageSize - 1) / PortalPage.PageSize);
}
