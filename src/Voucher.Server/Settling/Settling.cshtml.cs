using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Server.Api;
using Voucher.Server.Portal;
using Voucher.Server.Settling.Claims;
using Voucher.Server.Settling.Payments;

namespace Voucher.Server.Settling;

/// <summary>What waits for whoever opens it, and all claims below.</summary>
[Authorize(Policy = Permission.ReadClaims)]
public sealed class SettlingModel(ClaimReading claims, PaymentReading payments, MakePayment makePayment) : PortalPage
{
    /// <summary>The most entries of one work list; the rest comes up as these are done.</summary>
    private const int MostWaiting = 100;

    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    [BindProperty]
    public List<long> ClaimIds { get; set; } = [];

    public IReadOnlyList<ClaimSummary> ToReview { get; private set; } = [];
    public IReadOnlyList<ClaimSummary> ToApprove { get; private set; } = [];
    /// <summary>With claims of several sources: whose money is to be paid; or all that it owes.</summary>
    [BindProperty]
    public int? SourceId { get; set; }

    [BindProperty]
    public bool ToPeople { get; set; }

    /// <summary>Only payees whose account is at this bank.</summary>
    [BindProperty]
    public string? Bank { get; set; }

    public IReadOnlyList<OpenSource> OpenSources { get; private set; } = [];
    public IReadOnlyList<ClaimSummary> ToPay { get; private set; } = [];
    public IReadOnlyList<PaymentSummary> WithBank { get; private set; } = [];
    public IReadOnlyList<ClaimSummary> Claims { get; private set; } = [];
    public bool HasMore { get; private set; }

    public bool NothingWaits => ToReview.Count + ToApprove.Count + ToPay.Count + WithBank.Count == 0;

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostPayAsync()
    {
        if (!Actor.May(Permission.Pay)) return Forbid();
        var source = SourceId is { } id ? new FundSourceId(id) : (FundSourceId?)null;
        if (Accept(await makePayment.RunAsync(Actor, new PaymentChoice([.. ClaimIds.Distinct().Select(claim => new ClaimId(claim))], source, ToPeople, Bank: Bank)), out var payment))
        {
            Done = new Words("支付批次已生成。", "The payment is made.").In(Speech.Language);
            return LocalRedirect($"/settling/payments/{payment}");
        }
        await LoadAsync();
        return Page();
    }

    private async Task LoadAsync()
    {
        Number = ListPage.Clamp(Number);
        if (Actor.May(Permission.ReviewClaim)) ToReview = await claims.ListAsync(Actor, ClaimQueue.ToReview, 0, MostWaiting);
        if (Actor.May(Permission.ApproveClaim)) ToApprove = await claims.ListAsync(Actor, ClaimQueue.ToApprove, 0, MostWaiting);
        if (Actor.May(Permission.Pay))
        {
            OpenSources = await payments.OpenAsync();
            ToPay = await claims.ListAsync(Actor, ClaimQueue.ToPay, 0, MostWaiting);
            WithBank = await payments.ListAsync(0, MostWaiting, open: true);
        }
        var page = await claims.ListAsync(Actor, ClaimQueue.All, (Number - 1) * PageSize, PageSize + 1);
        (Claims, HasMore) = ([.. page.Take(PageSize)], page.Count > PageSize);
    }
}
