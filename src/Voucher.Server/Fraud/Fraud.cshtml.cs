using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Fraud;
using Voucher.Core.Wire;
using Voucher.Server.Portal;

namespace Voucher.Server.Fraud;

/// <summary>疑点核查: the vouchers that are held, what speaks for it, and the decision.</summary>
[Authorize(Policy = Permission.ReadHolds)]
public sealed class FraudModel(HoldReading holds, DecideHold decide, TimeProvider clock) : PortalPage
{
    /// <summary>The hold that a decision was tried on, so that its form keeps what was typed.</summary>
    [BindProperty]
    public long? Hold { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public IReadOnlyList<HoldDetail> Open { get; private set; } = [];
    public IReadOnlyList<HoldDetail> Closed { get; private set; } = [];
    public long OpenCount { get; private set; }
    public DateTimeOffset Now { get; } = clock.GetUtcNow();
    public bool MayDecide => Actor.May(Permission.DecideHold);

    public static Words NameOf(ScanMode mode) => mode switch
    {
        ScanMode.Enrol => new("报到", "Enroll"),
        ScanMode.CheckIn => new("签到", "Check in"),
        ScanMode.CheckOut => new("签退", "Check out"),
        _ => new("结业", "Complete"),
    };

    public string? FaultOf(long hold) =>
        Hold == hold && ModelState.TryGetValue("reason", out var entry) && entry.Errors.Count > 0 ? entry.Errors[0].ErrorMessage : null;

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostDecideAsync(string? verdict)
    {
        if (!MayDecide) return Forbid();
        var read = HoldVerdicts.Read(verdict);
        if (!Accept(await decide.RunAsync(Hold ?? 0, read, Reason, Actor)))
        {
            await LoadAsync();
            return Page();
        }
        var number = VoucherHold.NumberOf(Hold!.Value);
        Done = (read == HoldVerdict.Release
            ? new Words($"{number} 已放行：这张券下次扫码照常办理。", $"{number} is released: the voucher's next scan goes through.")
            : new Words($"{number} 已确认：这张券继续暂缓，请按规定处理（作废请到“发券”）。", $"{number} is confirmed: the voucher stays held; revoke it under “Issuing” if it must go.")).In(Speech.Language);
        return RedirectToPage();
    }

    private async Task LoadAsync()
    {
        Open = await holds.ListAsync(open: true, 0, HoldReading.PageSize);
        Closed = await holds.ListAsync(open: false, 0, HoldReading.PageSize);
        OpenCount = await holds.CountOpenAsync();
    }
}
