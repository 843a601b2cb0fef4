using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Payments;

/// <summary>What would happen to each row of a return that was handed in; then it is booked.</summary>
[Authorize(Policy = Permission.Pay)]
public sealed class ReturnPreviewModel(ImportReturn import, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    /// <summary>The day on which the bank did what the return says; today unless it is changed.</summary>
    [BindProperty]
    public DateOnly? PaidOn { get; set; }

    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());
    public DateOnly Day => PaidOn ?? Today;

    /// <summary>Empty once the file is booked or gone.</summary>
    public ReturnPreview? Preview { get; private set; }

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostAsync(bool keepDifferences)
    {
        if (!ModelState.IsValid || !Accept(await import.BookAsync(Actor, Id, keepDifferences, PaidOn), out var booked)) return await ShowAsync();
        Done = new Words($"入账 {booked.Booked} 行，差异 {booked.Differences} 行。", $"{booked.Booked} rows booked, {booked.Differences} differences.").In(Speech.Language);
        return LocalRedirect(booked.Differences > 0 ? "/settling/reconciliation" : "/settling/returns");
    }

    private async Task<IActionResult> ShowAsync()
    {
        switch (await import.PreviewAsync(Actor, Id))
        {
            case Outcome<ReturnPreview>.Done(var preview):
                Preview = preview;
                return Page();
            default:
                return Refusal is null ? NotFound() : Page();
        }
    }
}
