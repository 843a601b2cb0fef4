using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Voucher.Server.Ledger.Closing;

namespace Voucher.Server.Portal;

/// <summary>What a person sees when a page failed or does not exist; without inner details.</summary>
[AllowAnonymous, IgnoreAntiforgeryToken, DisableRateLimiting]
public sealed class FaultModel(ClosedMeanwhile closed) : PortalPage
{
    public int Status { get; private set; }

    public Task OnGetAsync(int? status) => ShowAsync(status);

    public Task OnPostAsync(int? status) => ShowAsync(status);

    private async Task ShowAsync(int? status)
    {
        Status = status ?? 500;
        if (!ClosedMeanwhile.Is(HttpContext.Features.Get<IExceptionHandlerFeature>()?.Error)) return;
        Status = StatusCodes.Status409Conflict;
        Accept<Nothing>(await closed.SayAsync());
    }
}
