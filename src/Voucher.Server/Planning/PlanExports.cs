using Voucher.Core.Planning;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Planning;

/// <summary>The county's plans.</summary>
public sealed class PlansExport(PlanStore plans) : ListExport("plans", new("目标任务", "Plans"), Permission.ReadPlan)
{
    private static readonly Columns<Plan> Columns = new Columns<Plan>()
        .Text("计划", "Plan", row => row.Title, 40)
        .Text("文号", "Document", row => row.DocumentNo, 26)
        .Number("版次", "Version", row => row.Version)
        .Number("起始年度", "First year", row => row.FirstYear)
        .Number("截止年度", "Last year", row => row.LastYear)
        .Tally("任务", "Target", Unit.People, row => row.People)
        .Words("状态", "State", row => row.Status.Name(), 12)
        .Text("拟定", "Drafted by", row => row.DraftedBy, 12)
        .Moment("拟定时间", "Drafted", row => row.DraftedAt)
        .Text("批准", "Approved by", row => row.ApprovedBy, 12)
        .Moment("批准时间", "Approved", row => row.ApprovedAt);

    public override Task<ExportTable?> OpenAsync(ExportQuery query) =>
        Task.FromResult<ExportTable?>(ExportTable.Of(query, Columns, PagedRows.Of(row => row.Id, plans.ListAsync)));
}

/// <summary>What one page of a plan shows: exports of its tables find it in the same way.</summary>
public abstract class PlanPageExport(PlanProgress progress, string key, Words name) : ListExport(key, name, Permission.ReadPlan)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var (plan, target) = (query.Id("plan"), query.Id("target"));
        if (plan > int.MaxValue || await progress.ReadAsync(new PlanId((int)plan), new TargetId(target)) is not { } view) return null;
        query.Show("计划", "Plan", view.Plan.Title);
        query.Show("任务", "Target", view.Line.Name);
        return Open(query, view);
    }

    protected abstract ExportTable Open(ExportQuery query, PlanView view);

    internal static Columns<(Words? Split, TargetLine Line)> LineColumns(bool hasSplit)
    {
        var columns = new Columns<(Words? Split, TargetLine Line)>();
        if (hasSplit) columns.Words("分解方式", "Divided by", row => row.Split, 12);
        return columns
            .Words("任务", "Target", row => row.Line.Name, 30)
            .Text("责任单位", "Responsible", row => row.Line.Target.Responsible, 26)
            .Tally("任务人数", "People", Unit.People, row => row.Line.Target.People)
            .Tally("用券结业", "Used and passed", Unit.People, row => Of(row.Line, row.Line.Count.Used))
            .Percent("占比", "Share", row => row.Line.Progress?.Share * 100)
            .Percent("时间进度", "Time over", row => row.Line.Progress?.Elapsed * 100)
            .Tally("按时间应完成", "Expected by now", Unit.People, row => row.Line.Progress?.Expected)
            .Tally("欠", "Missing", Unit.People, row => row.Line.Progress?.Missing)
            .Tally("已发放", "Issued", Unit.People, row => Of(row.Line, row.Line.Count.Issued))
            .Tally("已领取", "Claimed", Unit.People, row => Of(row.Line, row.Line.Count.Claimed))
            .Tally("已报到", "Enrolled", Unit.People, row => Of(row.Line, row.Line.Count.Enrolled));
    }

    /// <summary>Empty where vouchers do not say what belongs to the target.</summary>
    private static long? Of(TargetLine line, long count) => line.Progress is null ? null : count;
}

/// <summary>The parts of a target, divided in every way that the plan knows, with what was done.</summary>
public sealed class TargetsExport(PlanProgress progress) : PlanPageExport(progress, "targets", new("任务分解和进度", "Targets and progress"))
{
    protected override ExportTable Open(ExportQuery query, PlanView view) => ExportTable.Of(
        query, LineColumns(hasSplit: true), view.Parts.SelectMany(part => part.Lines.Select(line => ((Words?)part.Split.Name(), line))), view.Plan.Title);
}

/// <summary>Who is behind schedule, worst first.</summary>
public sealed class LaggardsExport(PlanProgress progress) : PlanPageExport(progress, "laggards", new("落后于时间进度", "Behind schedule"))
{
    protected override ExportTable Open(ExportQuery query, PlanView view) => ExportTable.Of(
        query, LineColumns(hasSplit: false), view.Laggards.Select(line => ((Words?)null, line)), view.Plan.Title);
}

/// <summary>What was done under a target by programme, planned or not.</summary>
public sealed class PlanProgrammesExport(PlanProgress progress) : PlanPageExport(progress, "plan-programmes", new("任务内的培训项目", "Programmes under a target"))
{
    private static readonly Columns<(Words Name, PlaceCount Count)> Columns = new Columns<(Words Name, PlaceCount Count)>()
        .Words("项目", "Programme", row => row.Name, 30)
        .Tally("用券结业", "Used and passed", Unit.People, row => row.Count.Used)
        .Tally("已报到", "Enrolled", Unit.People, row => row.Count.Enrolled)
        .Tally("已领取", "Claimed", Unit.People, row => row.Count.Claimed)
        .Tally("已发放", "Issued", Unit.People, row => row.Count.Issued);

    protected override ExportTable Open(ExportQuery query, PlanView view) => ExportTable.Of(query, Columns, view.Programmes, view.Plan.Title);
}
