using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Payments;

/// <summary>All payments, newest first.</summary>
[Authorize(Policy = Permission.ReadPayments)]
public sealed class PaymentsModel(PaymentReading payments) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    public IReadOnlyList<PaymentSummary> Payments { get; private set; } = [];
    public bool HasMore { get; private set; }

    public async Task OnGetAsync()
    {
        Number = ListPage.Clamp(Number);
        var page = await payments.ListAsync((Number - 1) * PageSize, PageSize + 1);
        (Payments, HasMore) = ([.. page.Take(PageSize)], page.Count > PageSize);
    }
}
