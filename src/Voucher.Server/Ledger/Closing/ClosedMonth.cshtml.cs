using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Settling;
using Voucher.Server.Ledger.Budget;
using Voucher.Server.Portal;

namespace Voucher.Server.Ledger.Closing;

/// <summary>The sheet of a closed month: what each line stood at, who closed it, and where the chain ended. Prints on one page.</summary>
[Authorize(Policy = Permission.ReadLedger)]
public sealed class ClosedMonthModel(ClosingStore closings) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public int Id { get; set; }

    public MonthRecord Month { get; private set; } = null!;
    public IReadOnlyList<BudgetLine> Lines { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (await closings.FindAsync(Id) is not { State: MonthState.Closed } found) return NotFound();
        (Month, Lines) = (found, await closings.LinesAsync(Id));
        return Page();
    }
}
