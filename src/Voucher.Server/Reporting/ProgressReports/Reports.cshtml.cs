using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Voucher.Core.Planning;
using Voucher.Server.Portal;

namespace Voucher.Server.Reporting.ProgressReports;

/// <summary>The periods of a year: which reports are due, which were sent, by whom and when.</summary>
[Authorize(Policy = Permission.ReadPlan)]
public sealed class ReportsModel(ReportCalendar calendar, ProgressReportStore reports) : PortalPage
{
    public const int FirstYear = 2016;
    public const int LastYear = 2100;

    [BindProperty(SupportsGet = true, Name = "year")]
    public int? Asked { get; set; }

    public int Year { get; private set; }
    public Policy Policy { get; private set; } = null!;
    public DateOnly? FirstIssue { get; private set; }
    public DateOnly Today => calendar.Today;
    public IReadOnlyList<(ReportPeriod Period, SentReport? Sent)> Periods { get; private set; } = [];

    public async Task OnGetAsync()
    {
        Year = Math.Clamp(Asked ?? Today.Year, FirstYear, LastYear);
        Policy = await calendar.PolicyOfAsync(new DateOnly(Year, 12, 31));
        FirstIssue = await reports.FirstIssueAsync();
        var sent = (await reports.SentAsync(new(Year, 1, 1), new(Year, 12, 31))).ToDictionary(report => report.FirstDay);
        Periods = [.. (await calendar.OfYearAsync(Year)).Select(period => (period, sent.GetValueOrDefault(period.First)))];
    }

    /// <summary>Whether there is nothing to report of the period yet, or ever.</summary>
    public bool IsEmpty(ReportPeriod period) => FirstIssue is not { } first || period.Last < first;
}
