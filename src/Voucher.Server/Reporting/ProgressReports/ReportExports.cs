using System.Globalization;
using Voucher.Core.Planning;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Reporting.ProgressReports;

/// <summary>The reporting periods of a year: what is due, what was sent.</summary>
public sealed class ReportsExport(ReportCalendar calendar, ProgressReportStore reports)
    : ListExport("progress-reports", new("进展情况表报送", "Progress reports"), Permission.ReadPlan)
{
    private static readonly Columns<(ReportPeriod Period, SentReport? Sent)> Columns = new Columns<(ReportPeriod Period, SentReport? Sent)>()
        .Day("期间自", "From", row => row.Period.First)
        .Day("期间至", "Until", row => row.Period.Last)
        .Day("报送期限", "Due", row => row.Period.DueOn)
        .YesNo("已报送", "Sent", row => row.Sent is not null)
        .Text("报送人", "Sent by", row => row.Sent?.SentBy, 12)
        .Moment("报送时间", "Sent at", row => row.Sent?.SentAt)
        .Text("报送给", "Sent to", row => row.Sent?.Recipient, 26);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var year = Math.Clamp(query.Number("year") ?? query.Today.Year, ReportsModel.FirstYear, ReportsModel.LastYear);
        query.Show("年度", "Year", year.ToString(CultureInfo.InvariantCulture));
        var sent = (await reports.SentAsync(new(year, 1, 1), new(year, 12, 31))).ToDictionary(report => report.FirstDay);
        return ExportTable.Of(query, Columns, (await calendar.OfYearAsync(year)).Select(period => (period, sent.GetValueOrDefault(period.First))));
    }
}

/// <summary>One 进展情况表 by department, as it was sent or as it stands now; the last row is the county's.</summary>
public sealed class ReportExport(ReportCalendar calendar, County county)
    : ListExport("progress-report", new("劳动力培训进展情况表", "Progress report"), Permission.ReadPlan)
{
    private static readonly Columns<DepartmentFigures> Columns = new Columns<DepartmentFigures>()
        .Text("部门", "Department", row => row.Department, 26)
        .Tally("年度任务", "Year's target", Unit.People, row => row.Target)
        .Tally("本期培训", "Trained in the period", Unit.People, row => row.Trained)
        .Tally("本期结业合格", "Passed in the period", Unit.People, row => row.Passed)
        .Money("本期支付", "Paid in the period", row => row.Paid)
        .Tally("本年累计培训", "Trained this year", Unit.People, row => row.TrainedOfYear)
        .Tally("本年累计结业合格", "Passed this year", Unit.People, row => row.PassedOfYear)
        .Percent("完成率", "Share", row => row.Target is > 0 and var whole ? 100m * row.PassedOfYear / whole : null)
        .Money("本年累计支付", "Paid this year", row => row.PaidOfYear);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        if (query.Day("first") is not { } first || await calendar.FindAsync(first) is not var (period, sent)) return null;
        query.Show("县", "County", county.Name);
        query.Show("期间", "Period", $"{CountyTime.Show(period.First)} – {CountyTime.Show(period.Last)}");
        query.Show("报送", "Sent", sent is null ? null : $"{sent.SentBy} {CountyTime.Show(sent.SentAt)} → {sent.Recipient}");
        var figures = sent is null ? await calendar.CountAsync(period) : ReportFigures.FromJson(sent.Figures);
        var whole = new DepartmentFigures(
            new Words("合计", "Total").In(query.Language), figures.Target, figures.Trained, figures.Passed, figures.Paid,
            figures.TrainedOfYear, figures.PassedOfYear, figures.PaidOfYear);
        return ExportTable.Of(query, Columns, figures.Departments.Append(whole), CountyTime.Show(period.First));
    }
}
