using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Claims;

/// <summary>An institution's vouchers that are not settled: what can be claimed now, and all that holds the others back.</summary>
[Authorize(Policy = Permission.SubmitClaim)]
public sealed class ClaimableModel(ReadClaimable claimable, SubmitClaim submit) : PortalPage
{
    /// <summary>Vouchers of one page of the list.</summary>
    public const int VouchersAPage = 100;

    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    [BindProperty(SupportsGet = true, Name = "class")]
    public long? Class { get; set; }

    [BindProperty(SupportsGet = true, Name = "reason")]
    public int? Reason { get; set; }

    [BindProperty]
    public List<string> VoucherNumbers { get; set; } = [];

    [BindProperty]
    public string? Note { get; set; }

    public Claimable All { get; private set; } = null!;
    public IReadOnlyList<JudgedVoucher> Ready { get; private set; } = [];
    public IReadOnlyList<JudgedVoucher> Waiting { get; private set; } = [];
    public int Found { get; private set; }

    public bool HasMore => Number * VouchersAPage < Found;

    /// <summary>The page's address with another filter.</summary>
    public static string At(long? classId, int? reason, int page = 1) =>
        $"/settling/claimable?class={classId}&reason={reason}&p={page}";

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    /// <summary>Claims the vouchers that are picked; with a note where they were rejected before.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        if (!Accept(await submit.RunAsync(Actor, VoucherNumbers, Note), out var claim)) return await ShowAsync();
        Done = new Words($"申报单 {claim} 已提交，等待县人社局审核。", $"Claim {claim} is submitted; the county will review it.").In(Speech.Language);
        return LocalRedirect($"/settling/claims/{claim}");
    }

    /// <summary>One click: all that can be claimed, in as many claims as it takes.</summary>
    public async Task<IActionResult> OnPostAllAsync()
    {
        if (!Accept(await submit.AllAsync(Actor), out var claims)) return await ShowAsync();
        var numbers = string.Join('、', claims);
        Done = (claims.Count == 1
            ? new Words($"申报单 {numbers} 已提交，等待县人社局审核。", $"Claim {numbers} is submitted; the county will review it.")
            : new Words(
                $"已提交 {claims.Count} 张申报单（{numbers}）：每张最多 {SubmitClaim.MostLines} 张券。等待县人社局审核。",
                $"{claims.Count} claims are submitted ({numbers}), each of at most {SubmitClaim.MostLines} vouchers; the county will review them.")).In(Speech.Language);
        return LocalRedirect(claims.Count == 1 ? $"/settling/claims/{claims[0]}" : "/settling");
    }

    private async Task<IActionResult> ShowAsync()
    {
        if (Actor.Institution is not { } institution) return Forbid();
        Number = ListPage.Clamp(Number);
        All = await claimable.OfAsync(institution);
        var found = All.Where(Class, Reason);
        Found = found.Count;
        var page = found.Skip((Number - 1) * VouchersAPage).Take(VouchersAPage).ToList();
        Ready = [.. page.Where(voucher => voucher.IsReady)];
        Waiting = [.. page.Where(voucher => !voucher.IsReady)];
        return Page();
    }
}
