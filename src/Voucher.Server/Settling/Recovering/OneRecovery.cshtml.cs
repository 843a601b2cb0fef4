using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Recovering;

/// <summary>One recovery: its vouchers, its arithmetic, its history, and what can be done now.</summary>
[Authorize(Policy = Permission.ReadRecoveries)]
public sealed class OneRecoveryModel(
    RecoveryReading recoveries, DecideRecovery decide, ReverseRecovery reverse, RecordPayIn payIn, TimeProvider clock) : PortalPage
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public RecoveryDetail Known { get; private set; } = null!;
    public PayInForm PayIn { get; private set; } = new(null, null, null);
    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());
    public bool MayPropose => Actor.May(Permission.ProposeRecovery);
    public bool MayDecide => Actor.May(Permission.DecideRecovery);
    public bool MayPayIn => Actor.May(Permission.RecordPayIn);

    public string? FaultOf(string field) => ModelState[field]?.Errors.FirstOrDefault()?.ErrorMessage;

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public Task<IActionResult> OnPostWithdrawAsync() => StepAsync(MayPropose, async id => Accept(await decide.WithdrawAsync(id, Actor)));

    public Task<IActionResult> OnPostConfirmAsync(string? reason) => StepAsync(MayDecide, async id => Accept(await decide.ConfirmAsync(id, reason, Actor)));

    public Task<IActionResult> OnPostRejectAsync(string? reason) => StepAsync(MayDecide, async id => Accept(await decide.RejectAsync(id, reason, Actor)));

    public Task<IActionResult> OnPostProposeReversalAsync(string? reason) => StepAsync(MayPropose, async id => Accept(await reverse.ProposeAsync(id, reason, Actor)));

    public Task<IActionResult> OnPostReverseAsync(string? reason) => StepAsync(MayDecide, async id => Accept(await reverse.ConfirmAsync(id, reason, Actor)));

    public Task<IActionResult> OnPostKeepAsync(string? reason) => StepAsync(MayDecide, async id => Accept(await reverse.DropAsync(id, reason, Actor)));

    public Task<IActionResult> OnPostPayInAsync(PayInForm form)
    {
        PayIn = form;
        return StepAsync(MayPayIn, async id => Accept(await payIn.RunAsync(id, form, Actor)));
    }

    private async Task<IActionResult> StepAsync(bool may, Func<RecoveryId, Task<bool>> take)
    {
        if (!may) return Forbid();
        if (!await take(new RecoveryId(Id))) return await ShowAsync();
        Done = new Words("已登记。", "Recorded.").In(Speech.Language);
        return LocalRedirect($"/recoveries/{Id}");
    }

    private async Task<IActionResult> ShowAsync()
    {
        if (await recoveries.FindAsync(new RecoveryId(Id), Actor) is not { } known) return NotFound();
        Known = known;
        return Page();
    }
}
