using Voucher.Core;
using Voucher.Core.Planning;
using Voucher.Server.Planning;
using Voucher.Server.Reporting.ProgressReports;

namespace Voucher.Server.Tests.Planning;

/// <summary>What stands as the year's target in a report that is sent.</summary>
public sealed class YearTargetsTests
{
    private static Target Node(long id, long? parent, TargetSplit split, int people, int? year = null, string? department = null) =>
        new(new(id), parent is { } above ? new TargetId(above) : null, split, year, department, null, null, null, "", people);

    private static Plan Plan(string documentNo) =>
        new(new(1), documentNo, "计划", 1, 2026, 2027, PlanStatus.InForce, 100, "甲", new StaffId(1), DateTimeOffset.UnixEpoch, "乙", DateTimeOffset.UnixEpoch);

    /// <summary>100 people by year, and once more by department and year.</summary>
    private static TargetTree Tree() => new([
        Node(1, null, TargetSplit.Whole, 100),
        Node(2, 1, TargetSplit.Year, 60, 2026), Node(3, 1, TargetSplit.Year, 40, 2027),
        Node(4, 2, TargetSplit.Department, 45, department: "县人社局"), Node(5, 2, TargetSplit.Department, 15, department: "县妇联"),
        Node(6, 1, TargetSplit.Department, 70, department: "县人社局"), Node(7, 1, TargetSplit.Department, 30, department: "县妇联"),
        Node(8, 6, TargetSplit.Year, 45, 2026), Node(9, 6, TargetSplit.Year, 25, 2027), Node(10, 7, TargetSplit.Year, 15, 2026), Node(11, 7, TargetSplit.Year, 15, 2027)]);

    [Fact]
    public void A_plan_divided_by_year_and_again_by_department_counts_every_person_once()
    {
        var targets = YearTargets.Of(2026, [(Plan("甲〔2026〕1号"), Tree())]);
        Assert.Equal(60, targets.Total);
        Assert.Equal(new Dictionary<string, int?> { ["县人社局"] = 45, ["县妇联"] = 15 }, targets.Departments);
    }

    [Fact]
    public void Plans_of_two_documents_stand_beside_each_other_and_are_not_added()
    {
        var second = new TargetTree([Node(1, null, TargetSplit.Whole, 9), Node(2, 1, TargetSplit.Year, 9, 2026), Node(3, 2, TargetSplit.Department, 9, department: "县人社局")]);
        var targets = YearTargets.Of(2026, [(Plan("甲〔2026〕1号"), Tree()), (Plan("乙〔2026〕2号"), second)]);
        Assert.Null(targets.Total);
        Assert.Equal([60, 9], targets.Plans.Select(plan => plan.People!.Value));
        Assert.Equal(new Dictionary<string, int?> { ["县人社局"] = null, ["县妇联"] = 15 }, targets.Departments);
    }
}
