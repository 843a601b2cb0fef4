using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Payees;

/// <summary>All payee accounts, newest first, or those that wait to be verified.</summary>
[Authorize(Policy = Permission.ReadPayees)]
public sealed class PayeesModel(PayeeReading payees) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    [BindProperty(SupportsGet = true)]
    public bool Waits { get; set; }

    public IReadOnlyList<PayeeAccount> Accounts { get; private set; } = [];
    public bool HasMore { get; private set; }
    public DateOnly Today => payees.Today;

    public async Task OnGetAsync()
    {
        Number = ListPage.Clamp(Number);
        var page = await payees.ListAsync(Waits, (Number - 1) * PageSize, PageSize + 1);
        (Accounts, HasMore) = ([.. page.Take(PageSize)], page.Count > PageSize);
    }
}
