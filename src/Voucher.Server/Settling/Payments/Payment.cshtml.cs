using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Payments;

/// <summary>One payment: whom it pays, the bank's file, and the bank's receipt.</summary>
[Authorize(Policy = Permission.ReadLedger)]
public sealed class PaymentModel(PaymentReading payments, MarkPaid markPaid, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public string? BankReference { get; set; }

    [BindProperty]
    public DateOnly? PaidOn { get; set; }

    public PaymentDetail Payment { get; private set; } = null!;
    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());
    public bool MayPay => Actor.May(Permission.Pay);

    public bool Has(string field) => ModelState.TryGetValue(field, out var entry) && entry.Errors.Count > 0;

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    /// <summary>A post, since it leaves a mark on the audit trail.</summary>
    public async Task<IActionResult> OnPostFileAsync()
    {
        if (!MayPay) return Forbid();
        return Accept(await payments.ExportAsync(Actor, new PaymentId(Id)), out var file)
            ? File(file, PaymentEndpoints.CsvType, $"{PaymentFile.NumberOf(new PaymentId(Id))}.csv")
            : await ShowAsync();
    }

    public async Task<IActionResult> OnPostPaidAsync()
    {
        if (!MayPay) return Forbid();
        if (Has("PaidOn")) return await ShowAsync();
        if (!Accept(await markPaid.RunAsync(Actor, new PaymentId(Id), BankReference, PaidOn))) return await ShowAsync();
        Done = new Words("已登记支付，账已记清。", "Recorded as paid.").In(Speech.Language);
        return LocalRedirect($"/settling/payments/{Id}");
    }

    private async Task<IActionResult> ShowAsync()
    {
        if (await payments.FindAsync(new PaymentId(Id)) is not { } payment) return NotFound();
        Payment = payment;
        return Page();
    }
}
