using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Planning;
using Voucher.Server.Portal;

namespace Voucher.Server.Reporting.ProgressReports;

/// <summary>One 进展情况表: as it was sent, or as it stands now; printed as it is shown.</summary>
[Authorize(Policy = Permission.ReadPlan)]
public sealed class ReportModel(ReportCalendar calendar, SendReport send) : PortalPage
{
    [BindProperty(SupportsGet = true, Name = "first")]
    public DateOnly First { get; set; }

    [BindProperty]
    public string? Recipient { get; set; }

    [BindProperty]
    public string? Certificates { get; set; }

    [BindProperty]
    public string? Employed { get; set; }

    [BindProperty]
    public string? Note { get; set; }

    public ReportPeriod Period { get; private set; }
    public ReportFigures Figures { get; private set; } = null!;
    public SentReport? Sent { get; private set; }
    public Policy Policy { get; private set; } = null!;
    public bool MaySend => Sent is null && Period.IsOverOn(calendar.Today) && Actor.May(Permission.SendReport);

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!Actor.May(Permission.SendReport)) return Forbid();
        if (!ModelState.IsValid || !Accept(await send.RunAsync(Actor, First, Recipient, Certificates, Employed, Note))) return await ShowAsync();
        Done = new Words("已登记为报送，数字不再变动。", "Marked as sent; its figures are frozen.").In(Speech.Language);
        return LocalRedirect($"/reports/{CountyTime.Show(First)}");
    }

    private async Task<IActionResult> ShowAsync()
    {
        if (await calendar.FindAsync(First) is not var (period, known)) return NotFound();
        (Period, Sent) = (period, known);
        Policy = await calendar.PolicyOfAsync(First);
        Figures = Sent is { } sent ? ReportFigures.FromJson(sent.Figures) : await calendar.CountAsync(period);
        return Page();
    }
}
