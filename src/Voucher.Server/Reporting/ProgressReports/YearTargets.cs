using Voucher.Core.Planning;

namespace Voucher.Server.Reporting.ProgressReports;

/// <summary>What one plan in force asks of the year.</summary>
/// <param name="People"><c>null</c> where the plan spans years and names no figure of this one.</param>
public sealed record PlannedYear(string DocumentNo, int Version, int? People);

/// <summary>
/// The targets of one year. Plans of different documents may mean the same people, so that their figures are shown beside each
/// other and never added.
/// </summary>
/// <param name="Departments">By name; <c>null</c> for one that several plans name.</param>
public sealed record YearTargets(IReadOnlyList<PlannedYear> Plans, IReadOnlyDictionary<string, int?> Departments)
{
    /// <summary>Of the county for the year; <c>null</c> without a plan, and where several would have to be added.</summary>
    public int? Total => Plans is [var only] ? only.People : null;

    public static YearTargets Of(int year, IEnumerable<(Planning.Plan Plan, TargetTree Tree)> plans)
    {
        List<PlannedYear> planned = [];
        var departments = new Dictionary<string, int?>(StringComparer.Ordinal);
        foreach (var (plan, tree) in plans)
        {
            var own = tree.OfYear(year, plan.FirstYear == plan.LastYear);
            planned.Add(new(plan.DocumentNo, plan.Version, own?.People));
            if (own is null) continue;
            foreach (var part in tree.Parts(own, TargetSplit.Department))
            {
                var isNamed = departments.ContainsKey(part.Department!);
                departments[part.Department!] = isNamed ? null : part.People;
            }
        }
        return new(planned, departments);
    }
}
