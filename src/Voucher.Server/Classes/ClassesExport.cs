using Voucher.Server.Institutions;
using Voucher.Server.Policies;
using Voucher.Server.Programmes.Orders;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Classes;

/// <summary>Classes as the page narrows them; an institution's people get theirs alone.</summary>
public sealed class ClassesExport(ClassStore classes, InstitutionStore institutions, RateStore rates, PolicyStore policies, OrderStore orders)
    : ListExport("classes", new("培训班", "Classes"), Permission.ReadClasses)
{
    /// <param name="Rule">What the rate rests on; <c>null</c> before there is one.</param>
    /// <param name="Cover">Of a class that waits and is taught to an employer's order.</param>
    private sealed record Line(TrainingClass Class, string? Rule, OrderCover? Cover);

    private static readonly Columns<Line> Columns = new Columns<Line>()
        .Text("班级", "Class", row => row.Class.Name, 26)
        .Text("机构", "Institution", row => row.Class.Institution, 28)
        .Words("状态", "State", row => row.Class.Status.Name(), 12)
        .Text("项目", "Programme", row => row.Class.Programme, 20)
        .Text("地点", "Site", row => row.Class.Site, 24)
        .Day("开班", "Starts", row => row.Class.StartsOn)
        .Day("结束", "Ends", row => row.Class.EndsOn)
        .Tally("报到", "Enrolled", Unit.People, row => row.Class.Enrolled)
        .Tally("计划人数", "Places", Unit.People, row => row.Class.Capacity)
        .Tally("订单人数", "Ordered", Unit.People, row => row.Cover?.Ordered)
        .Tally("超出订单", "Beyond the order", Unit.People, row => row.Cover?.ExcessWith(row.Class))
        .Number("理论课时", "Theory", row => row.Class.TheoryHours, Unit.Hours, 16)
        .Number("实操课时", "Practice", row => row.Class.PracticeHours, Unit.Hours, 16)
        .Money("补贴标准", "Subsidy", row => row.Class.RateFen)
        .Text("补贴依据（文号、版本、条款）", "Rule: document, version, clause", row => row.Rule, 44)
        .Tally("抽查", "Spot checks", Unit.Times, row => row.Class.SpotChecks)
        .Text("申报人", "Handed in by", row => row.Class.CreatedBy, 12)
        .Text("审定人", "Approved by", row => row.Class.ApprovedBy, 12)
        .Moment("审定时间", "Approved", row => row.Class.ApprovedAt);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var (filter, errors) = ClassQuery.Read(
            query.Actor, query.Word("status"), query.Word("institutionId"), query.Flag("lacksSpotCheck") ? "true" : null, null);
        foreach (var error in errors) query.Fault(error);
        query.Show("状态", "State", filter.Status?.Name());
        if (filter.Institution is { } id && query.Actor.MayActFor(id)) query.Show("机构", "Institution", (await institutions.FindAsync(id))?.Name ?? $"{id}");
        if (filter.LacksSpotCheck) query.Show("抽查", "Spot check", new Words("只看缺抽查的", "only those without"));
        return ExportTable.Of(query, Columns, PagedRows.Of(row => row.Class.Id, (skip, take) => PageAsync(filter, skip, take, query.Today)));
    }

    /// <summary>The store counts pages and gives one row more, by which its page knows that there is another.</summary>
    private async Task<IReadOnlyList<Line>> PageAsync(ClassFilter filter, int skip, int take, DateOnly today)
    {
        var page = (await classes.ListAsync(filter, take, today, skip)).Take(take).ToList();
        var frozen = await rates.FindAsync(page.Select(one => one.Id));
        var covers = await orders.CoverAsync(page.Where(one => one.Status == ClassStatus.Submitted).Select(one => one.ProgrammeId));
        List<Line> lines = [];
        foreach (var one in page)
        {
            var rule = one.RateFen is null ? null : await RuleAsync(one, frozen.GetValueOrDefault(one.Id));
            lines.Add(new(one, rule, one.Status == ClassStatus.Submitted ? covers.GetValueOrDefault(one.ProgrammeId) : null));
        }
        return lines;
    }

    /// <summary>Of a rate that nothing was frozen with: the pack of the day on which it was approved.</summary>
    private async Task<string> RuleAsync(TrainingClass one, FrozenRate? frozen) => frozen is not null
        ? string.Join('；', frozen.Rules)
        : FrozenRate.Cite(null, await policies.InForceOrLastAsync(CountyTime.DayOf(one.ApprovedAt ?? one.CreatedAt)));
}
