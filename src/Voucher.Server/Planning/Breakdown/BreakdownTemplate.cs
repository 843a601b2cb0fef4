using System.Globalization;
using System.Text;
using Voucher.Core.Planning;
using Voucher.Server.Register;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Planning.Breakdown;

/// <summary>Empty 任务分解表 to fill in, and two filled ones after the policy texts.</summary>
public static class BreakdownTemplate
{
    public const string Sheet = "任务分解表";

    /// <summary>Rows are townships or departments, columns the years of the plan, with 合计 on both sides.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> For(Plan plan, TargetSplit rows, PlanNames names)
    {
        var years = Enumerable.Range(plan.FirstYear, plan.LastYear - plan.FirstYear + 1).Select(year => $"{year}年").ToList();
        IEnumerable<string> labels = rows == TargetSplit.Township ? names.Townships.Select(township => township.Name) : names.Departments;
        List<IReadOnlyList<string>> sheet = [[rows == TargetSplit.Township ? "乡镇" : "部门", .. years, "合计"]];
        sheet.AddRange(labels.Append("合计").Select(label => (IReadOnlyList<string>)[label, .. years.Select(_ => ""), ""]));
        return sheet;
    }

    /// <summary>Text 004, 一（一）（二）: 54,115 people in three years; the split over townships is the county's own.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> OfText004 =>
    [
        ["东乡县劳动力培训三年行动任务（东县府办发〔2020〕57号）"],
        ["年度", "人数"],
        ["2020年", "18039"],
        ["2021年", "18038"],
        ["2022年", "18038"],
        ["合计", "54115"],
    ];

    /// <summary>Text 000, 三: what each action is to reach by 2020, and who answers for it.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> OfText000
    {
        get
        {
            List<IReadOnlyList<string>> sheet = [["德宏州技能扶贫专项行动任务分解表（2016年6月17日印发，到2020年）"], ["工作任务", "责任单位", "人数"]];
            sheet.AddRange(Text000.Actions.Select(action => (IReadOnlyList<string>)[action.Name, action.Responsible, Number(action.People)]));
            sheet.Add(["合计", "", Number(Text000.Actions.Sum(action => action.People))]);
            return sheet;
        }
    }

    public static byte[] Xlsx(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        using var file = new MemoryStream();
        TextSheet.Write(file, Sheet, rows.Max(row => row.Count), rows);
        return file.ToArray();
    }

    public static byte[] Csv(IReadOnlyList<IReadOnlyList<string>> rows) =>
        [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(string.Concat(rows.Select(row => string.Join(',', row) + "\r\n")))];

    private static string Number(int people) => people.ToString(CultureInfo.InvariantCulture);
}
