using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Policies;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Claims;

/// <summary>An institution's vouchers that stand in no claim: what can be claimed now, and why the others cannot.</summary>
[Authorize(Policy = Permission.SubmitClaim)]
public sealed class ClaimableModel(ClaimReading claims, SubmitClaim submit, PolicyStore policies, TimeProvider clock) : PortalPage
{
    [BindProperty]
    public List<string> VoucherNumbers { get; set; } = [];

    public IReadOnlyList<Candidate> Ready { get; private set; } = [];
    public IReadOnlyList<(Candidate Voucher, Refusal Why)> Waiting { get; private set; } = [];

    public Fen Total => Ready.Aggregate(Fen.Zero, (sum, voucher) => sum + voucher.Amount!.Value);

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!Accept(await submit.RunAsync(Actor, VoucherNumbers), out var claim)) return await ShowAsync();
        Done = new Words($"申报单 {claim} 已提交，等待县人社局审核。", $"Claim {claim} is submitted; the county will review it.").In(Speech.Language);
        return LocalRedirect($"/settling/claims/{claim}");
    }

    private async Task<IActionResult> ShowAsync()
    {
        if (Actor.Institution is not { } institution) return Forbid();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(clock.GetUtcNow()));
        var vouchers = (await claims.UnclaimedAsync(institution)).Select(voucher => (Voucher: voucher, Why: voucher.RefuseToInstitution(policy))).ToList();
        Ready = [.. vouchers.Where(entry => entry.Why is null).Select(entry => entry.Voucher)];
        Waiting = [.. vouchers.Where(entry => entry.Why is not null).Select(entry => (entry.Voucher, entry.Why!))];
        return Page();
    }
}
