using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Payments;

/// <summary>One payment: whom it pays, the bank's files, the hand-over, the bank's receipt, and what failed.</summary>
[Authorize(Policy = Permission.ReadPayments)]
public sealed class PaymentModel(
    PaymentReading payments, MakeFile files, ReleasePayment release, MarkPaid markPaid, CorrectRows correct, RecordUnpaid unpaid, BounceRow bounce, BankFormats formats,
    TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public string? BankReference { get; set; }

    [BindProperty]
    public DateOnly? PaidOn { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public PaymentDetail Payment { get; private set; } = null!;
    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());
    /// <summary>As the county calls it; its name where the file is gone.</summary>
    public string FormatTitle =>
        formats.Read().Formats.FirstOrDefault(format => format.Name == Payment.Summary.Format) is { Title.Length: > 0 } known ? known.Title : Payment.Summary.Format;

    public bool MayPay => Actor.May(Permission.Pay);

    private PaymentId Number => new(Id);

    public bool Has(string field) => ModelState.TryGetValue(field, out var entry) && entry.Errors.Count > 0;

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    /// <summary>A post, since it leaves a mark on the audit trail.</summary>
    public async Task<IActionResult> OnPostFileAsync(int? round, int? part)
    {
        if (!MayPay) return Forbid();
        return Accept(await files.FetchAsync(Actor, Number, round, part ?? 1), out var file) ? File(file.Content, file.ContentType, file.Name) : await ShowAsync();
    }

    public async Task<IActionResult> OnPostReleaseAsync() =>
        MayPay ? await SayAsync(await release.RunAsync(Actor, Number), new("已登记送行，银行文件已生成，可以下载。", "Handed over; the bank's file is made and can be fetched.")) : Forbid();

    public async Task<IActionResult> OnPostPaidAsync()
    {
        if (!MayPay) return Forbid();
        if (Has("PaidOn")) return await ShowAsync();
        return await SayAsync(await markPaid.RunAsync(Actor, Number, BankReference, PaidOn), new("已登记支付，账已记清。", "Recorded as paid."));
    }

    public async Task<IActionResult> OnPostResendAsync(List<int> rows) =>
        MayPay ? await SayAsync(await correct.ResendAsync(Actor, Number, rows, Reason), new("已列入下一轮，请另一人送行。", "In the next round: another hands it over.")) : Forbid();

    public async Task<IActionResult> OnPostWithdrawAsync() =>
        MayPay ? await SayAsync(await correct.WithdrawAsync(Actor, Number), new("已撤回这一轮。", "The round is given back.")) : Forbid();

    public async Task<IActionResult> OnPostCancelAsync() =>
        MayPay ? await SayAsync(await correct.CancelAsync(Actor, Number, Reason), new("已登记。另一人办理后批次取消，款项可重新列入。", "Recorded. Once another has done it too, the payment is cancelled and what it was to pay is open again.")) : Forbid();

    public async Task<IActionResult> OnPostTakeOutAsync(int row) =>
        MayPay ? await SayAsync(await correct.TakeOutAsync(Actor, Number, row, Reason), new("已登记移出。", "Recorded.")) : Forbid();

    public async Task<IActionResult> OnPostUnpaidAsync(List<int> rows) =>
        MayPay ? await SayAsync(await unpaid.RunAsync(Actor, Number, rows, Reason), new("已登记。另一人确认后，这些行转为支付失败。", "Recorded. Once another has confirmed it, the rows have failed.")) : Forbid();

    public async Task<IActionResult> OnPostBounceAsync(int row, string? amountYuan) =>
        MayPay ? await SayAsync(await bounce.RunAsync(Actor, Number, row, amountYuan, BankReference, PaidOn), new("退汇已入账。", "The return is booked.")) : Forbid();

    private async Task<IActionResult> SayAsync(Outcome<Nothing> outcome, Words done)
    {
        if (!Accept(outcome)) return await ShowAsync();
        Done = done.In(Speech.Language);
        return LocalRedirect($"/settling/payments/{Id}");
    }

    private async Task<IActionResult> ShowAsync()
    {
        if (await payments.FindAsync(Number) is not { } payment) return NotFound();
        Payment = payment;
        return Page();
    }
}
