using Voucher.Core.Planning;
using Voucher.Server.Planning;
using Voucher.Server.Policies;

namespace Voucher.Server.Reporting.ProgressReports;

/// <summary>Which periods are reported, by the rhythm of the policy in force, and what stands in each.</summary>
public sealed class ReportCalendar(PolicyStore policies, ProgressReportStore reports, PlanStore plans, TimeProvider clock)
{
    public DateOnly Today => CountyTime.DayOf(clock.GetUtcNow());

    /// <summary>
    /// The periods of a year. The rhythm of a day before vouchers were first issued, or of one that has not come, is that of the
    /// nearest day whose rule is known; on a day that no pack covers the last one before it holds on.
    /// </summary>
    public async Task<IReadOnlyList<ReportPeriod>> OfYearAsync(int year)
    {
        var rhythm = new Dictionary<DateOnly, int>();
        for (var month = 1; month <= 12; month++)
        {
            var day = new DateOnly(year, month, 1);
            rhythm.Add(day, (await PolicyOfAsync(day)).Parameters.ReportEveryMonths);
        }
        return ReportPeriod.OfYear(year, day => rhythm[day]);
    }

    /// <summary>The rule under which a period that begins on the day is reported.</summary>
    public async Task<Policy> PolicyOfAsync(DateOnly day)
    {
        var earliest = await reports.FirstIssueAsync() ?? Today;
        return await policies.InForceOrLastAsync(day < earliest ? earliest : day > Today ? Today : day);
    }

    /// <summary>The period that begins on the day, if one does. What was sent stays what it was, whatever the rhythm has become.</summary>
    public async Task<(ReportPeriod Period, SentReport? Sent)?> FindAsync(DateOnly first)
    {
        if (first.Year is < ReportsModel.FirstYear or > ReportsModel.LastYear) return null;
        if ((await reports.SentAsync(first, first)).SingleOrDefault() is { } sent) return (new ReportPeriod(sent.FirstDay, sent.LastDay), sent);
        return (await OfYearAsync(first.Year)).Where(each => each.First == first).ToList() is [var period] ? (period, null) : null;
    }

    /// <summary>Counts the period as it stands now, beside what the plans in force give each department for the year.</summary>
    public async Task<ReportFigures> CountAsync(ReportPeriod period)
    {
        List<(Plan, TargetTree)> trees = [];
        foreach (var plan in await plans.InForceAsync(period.First.Year)) trees.Add((plan, await plans.TreeAsync(plan.Id)));
        var targets = YearTargets.Of(period.First.Year, trees);
        return new ReportFigures(await reports.CountAsync(period, targets.Departments), targets.Total, targets.Plans);
    }
}

/// <summary>Reports that are due: their period is over and they were not sent. Periods before vouchers were first issued have none.</summary>
public sealed class DueReports(ReportCalendar calendar, ProgressReportStore reports)
{
    /// <summary>Of this year and the one before.</summary>
    public async Task<long> CountAsync()
    {
        if (await reports.FirstIssueAsync() is not { } firstIssue) return 0;
        var today = calendar.Today;
        var from = new DateOnly(today.Year - 1, 1, 1);
        var sent = (await reports.SentAsync(from, today)).Select(report => report.FirstDay).ToHashSet();
        List<ReportPeriod> periods = [.. await calendar.OfYearAsync(today.Year - 1), .. await calendar.OfYearAsync(today.Year)];
        return periods.LongCount(period => period.IsOverOn(today) && period.Last >= firstIssue && !sent.Contains(period.First));
    }
}
