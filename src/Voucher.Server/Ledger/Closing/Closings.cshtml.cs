using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Settling;
using Voucher.Server.Ledger.Correcting;
using Voucher.Server.Portal;

namespace Voucher.Server.Ledger.Closing;

/// <summary>Months that are closed or are to be, and the corrections that came after.</summary>
[Authorize(Policy = Permission.ReadLedger)]
public sealed class ClosingsModel(ClosingStore closings, CloseMonth close, CorrectionStore corrections) : PortalPage
{
    /// <summary>As <c>2026-11</c>.</summary>
    [BindProperty]
    public string? Month { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public IReadOnlyList<MonthRecord> Months { get; private set; } = [];
    public IReadOnlyList<ProposedCorrection> Corrections { get; private set; } = [];
    public DateOnly? Next { get; private set; }
    public bool MayPropose => Actor.May(Permission.CloseBooks) && Actor.Roles.Contains(Role.Finance);
    public bool MayDecide => Actor.May(Permission.CloseBooks) && Actor.Roles.Contains(Role.Approver);

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostProposeAsync() => MayPropose
        ? await ShowAsync(await close.ProposeAsync(Actor, MonthTyped()), new("已提出月结，请另一人审批。", "The closing is proposed; another person decides."))
        : Forbid();

    public async Task<IActionResult> OnPostCloseAsync() => MayDecide
        ? await ShowAsync(await close.CloseAsync(Actor, MonthTyped()), new("已月结。", "The month is closed."))
        : Forbid();

    public async Task<IActionResult> OnPostSendBackAsync() => MayDecide
        ? await ShowAsync(await close.SendBackAsync(Actor, MonthTyped(), Reason), new("已退回。", "Sent back."))
        : Forbid();

    private DateOnly? MonthTyped() =>
        DateOnly.TryParseExact($"{Month}-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) ? first : null;

    private async Task<IActionResult> ShowAsync(Outcome<Nothing> outcome, Words done)
    {
        if (Accept(outcome))
        {
            Done = done.In(Speech.Language);
            return LocalRedirect("/ledger/closings");
        }
        await LoadAsync();
        return Page();
    }

    private async Task LoadAsync() =>
        (Months, Corrections, Next) = (await closings.ListAsync(), await corrections.ListAsync(), await closings.NextAsync());
}
