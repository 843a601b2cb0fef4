using System.Text.Json;

namespace Voucher.Server.Reporting.ProgressReports;

/// <summary>What one department did in the period, and in the year up to its end.</summary>
/// <param name="Target">People that the plan in force gives the department for the year; <c>null</c> where none names it, or several do.</param>
/// <param name="Trained">People enrolled with a voucher.</param>
/// <param name="Passed">People who completed with their voucher and passed.</param>
public sealed record DepartmentFigures(
    string Department, int? Target, long Trained, long Passed, Fen Paid, long TrainedOfYear, long PassedOfYear, Fen PaidOfYear);

/// <summary>The figures of one 进展情况表, by department (text 004, 四（六）: 各部门培训进展、培训资金使用情况).</summary>
/// <param name="Target">Of the county for the year; <c>null</c> without a plan, and where several would have to be added.</param>
/// <param name="Plans">What each plan in force asks of the year.</param>
public sealed record ReportFigures(IReadOnlyList<DepartmentFigures> Departments, int? Target, IReadOnlyList<PlannedYear> Plans)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public long Trained => Departments.Sum(line => line.Trained);
    public long Passed => Departments.Sum(line => line.Passed);
    public Fen Paid => Sum(line => line.Paid);
    public long TrainedOfYear => Departments.Sum(line => line.TrainedOfYear);
    public long PassedOfYear => Departments.Sum(line => line.PassedOfYear);
    public Fen PaidOfYear => Sum(line => line.PaidOfYear);

    /// <summary>As it is kept with a report that was sent.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static ReportFigures FromJson(string json) => JsonSerializer.Deserialize<ReportFigures>(json, Json)!;

    private Fen Sum(Func<DepartmentFigures, Fen> part) => Departments.Aggregate(Fen.Zero, (sum, line) => sum + part(line));
}
