using Voucher.Server.Institutions;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Classes;

/// <summary>Classes as the page narrows them; an institution's people get theirs alone.</summary>
public sealed class ClassesExport(ClassStore classes, InstitutionStore institutions) : ListExport("classes", new("培训班", "Classes"), Permission.ReadClasses)
{
    private static readonly Columns<TrainingClass> Columns = new Columns<TrainingClass>()
        .Text("班级", "Class", row => row.Name, 26)
        .Text("机构", "Institution", row => row.Institution, 28)
        .Words("状态", "State", row => row.Status.Name(), 12)
        .Text("项目", "Programme", row => row.Programme, 20)
        .Text("地点", "Site", row => row.Site, 24)
        .Day("开班", "Starts", row => row.StartsOn)
        .Day("结束", "Ends", row => row.EndsOn)
        .Tally("报到", "Enrolled", Unit.People, row => row.Enrolled)
        .Tally("计划人数", "Places", Unit.People, row => row.Capacity)
        .Number("理论课时", "Theory", row => row.TheoryHours, Unit.Hours, 16)
        .Number("实操课时", "Practice", row => row.PracticeHours, Unit.Hours, 16)
        .Money("补贴标准", "Subsidy", row => row.RateFen)
        .Tally("抽查", "Spot checks", Unit.Times, row => row.SpotChecks)
        .Text("申报人", "Handed in by", row => row.CreatedBy, 12)
        .Text("审定人", "Approved by", row => row.ApprovedBy, 12)
        .Moment("审定时间", "Approved", row => row.ApprovedAt);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var (filter, errors) = ClassQuery.Read(
            query.Actor, query.Word("status"), query.Word("institutionId"), query.Flag("lacksSpotCheck") ? "true" : null, null);
        foreach (var error in errors) query.Fault(error);
        query.Show("状态", "State", filter.Status?.Name());
        if (filter.Institution is { } id && query.Actor.MayActFor(id)) query.Show("机构", "Institution", (await institutions.FindAsync(id))?.Name ?? $"{id}");
        if (filter.LacksSpotCheck) query.Show("抽查", "Spot check", new Words("只看缺抽查的", "only those without"));
        return ExportTable.Of(query, Columns, PagedRows.Of((skip, take) => PageAsync(filter, skip, take, query.Today)));
    }

    /// <summary>The store counts pages and gives one row more, by which its page knows that there is another.</summary>
    private async Task<IReadOnlyList<TrainingClass>> PageAsync(ClassFilter filter, int skip, int take, DateOnly today) =>
        [.. (await classes.ListAsync(filter with { Page = skip / take + 1 }, take, today)).Take(take)];
}
