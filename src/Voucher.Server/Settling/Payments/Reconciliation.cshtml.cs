using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Payments;

/// <summary>对账: what the bank was told, what it answered, what is still open, and whether it ties to the ledger, to the fen.</summary>
[Authorize(Policy = Permission.ReadPayments)]
public sealed class ReconciliationModel(ReturnReading returns, NoteDifference note) : PortalPage
{
    private const int MostMonths = 120;

    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    public IReadOnlyList<ReconciledMonth> Months { get; private set; } = [];
    public IReadOnlyList<Difference> Differences { get; private set; } = [];
    public bool HasMore { get; private set; }
    public (Fen Ledger, Fen Payments) Tie { get; private set; }
    public bool MayPay => Actor.May(Permission.Pay);

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostNoteAsync(long id, string? reason)
    {
        if (!MayPay) return Forbid();
        if (Accept(await note.RunAsync(Actor, id, reason)))
        {
            Done = new Words("已记下处理情况。", "Noted.").In(Speech.Language);
            return LocalRedirect("/settling/reconciliation");
        }
        await LoadAsync();
        return Page();
    }

    private async Task LoadAsync()
    {
        Number = ListPage.Clamp(Number);
        Months = await returns.MonthsAsync(0, MostMonths);
        Tie = await returns.TieAsync();
        var page = await returns.DifferencesAsync(open: false, (Number - 1) * PageSize, PageSize + 1);
        (Differences, HasMore) = ([.. page.Take(PageSize)], page.Count > PageSize);
    }
}
