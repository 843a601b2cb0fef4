using Voucher.Core.Planning;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Planning.Breakdown;

/// <summary>A column of figures and all that stands above it.</summary>
public sealed record FigureColumn(int At, IReadOnlyList<Heading> Headings)
{
    public bool IsTotal => Headings.Any(heading => heading.IsTotal);

    /// <summary>What narrows the column down: a total's are those of its group.</summary>
    public IEnumerable<Heading> Parts => Headings.Where(heading => heading.Split is not null);
}

/// <summary>Which columns of the sheet label its rows and which hold figures; the header may take two rows.</summary>
/// <param name="LastRow">Number of the header's last row.</param>
/// <param name="Responsible">The column of the 责任单位, where another one labels the rows.</param>
public sealed record BreakdownColumns(
    int LastRow, IReadOnlyList<(int At, TargetSplit Split)> Labels, int? Responsible, IReadOnlyList<FigureColumn> Figures)
{
    private static readonly string[] NotRead = ["序号", "备注", "说明", "编号"];

    private static readonly Dictionary<string, TargetSplit> LabelTitles = new(StringComparer.Ordinal)
    {
        ["乡镇"] = TargetSplit.Township, ["乡镇名称"] = TargetSplit.Township, ["乡镇街道"] = TargetSplit.Township, ["镇乡"] = TargetSplit.Township,
        ["部门"] = TargetSplit.Department, ["责任部门"] = TargetSplit.Department, ["牵头部门"] = TargetSplit.Department, ["单位"] = TargetSplit.Department,
        ["单位名称"] = TargetSplit.Department, ["责任单位"] = TargetSplit.Department,
        ["年度"] = TargetSplit.Year, ["年份"] = TargetSplit.Year,
        ["项目"] = TargetSplit.Programme, ["培训项目"] = TargetSplit.Programme, ["工种"] = TargetSplit.Programme, ["培训工种"] = TargetSplit.Programme,
        ["专业"] = TargetSplit.Programme,
        ["专项"] = TargetSplit.Item, ["专项行动"] = TargetSplit.Item, ["工程"] = TargetSplit.Item, ["工作任务"] = TargetSplit.Item, ["工作目标"] = TargetSplit.Item,
    };

    /// <summary>The header within the first rows, or <c>null</c>. What cannot be understood is added to the problems by its cell.</summary>
    public static BreakdownColumns? Find(IReadOnlyList<SheetRow> rows, HeadingReader headings, List<CellProblem> problems)
    {
        var first = rows.TakeWhile(row => row.Number <= UploadLimits.HeaderWithinRows).FirstOrDefault(row => LabelsOf(row).Any() && FigureColumnsOf(row).Any());
        if (first is null) return null;
        var labels = LabelsOf(first).ToList();
        List<SheetRow> header = [first, .. rows.SkipWhile(row => row.Number <= first.Number).Take(2).TakeWhile(row => IsHeader(row, first, labels, headings))];
        var hasOther = labels.Any(label => TitleOf(first, label.At) != "责任单位");
        var responsible = hasOther ? labels.Where(label => TitleOf(first, label.At) == "责任单位").Select(label => (int?)label.At).FirstOrDefault() : null;
        var width = header.Max(row => row.Cells.Count);
        var figures = Enumerable.Range(0, width)
            .Where(at => labels.All(label => label.At != at) && !NotRead.Contains(TitleOf(first, at)))
            .Select(at => Read(header, at, headings, problems)).OfType<FigureColumn>().ToList();
        return new(header[^1].Number, [.. labels.Where(label => label.At != responsible)], responsible, figures);
    }

    private static IEnumerable<(int At, TargetSplit Split)> LabelsOf(SheetRow row)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < row.Cells.Count; at++)
            if (LabelTitles.TryGetValue(TitleOf(row, at), out var split) && seen.Add(TitleOf(row, at))) yield return (at, split);
    }

    private static IEnumerable<int> FigureColumnsOf(SheetRow row) => Enumerable.Range(0, row.Cells.Count)
        .Where(at => TitleOf(row, at) is { Length: > 0 } title && !LabelTitles.ContainsKey(title) && !NotRead.Contains(title));

    /// <summary>A further row of the header: nothing new stands in the label columns, and headings stand above figures.</summary>
    private static bool IsHeader(SheetRow row, SheetRow first, List<(int At, TargetSplit Split)> labels, HeadingReader headings) =>
        labels.All(label => TitleOf(row, label.At) is "" || TitleOf(row, label.At) == TitleOf(first, label.At))
        && Enumerable.Range(0, row.Cells.Count).Any(at =>
            labels.All(label => label.At != at) && TitleOf(row, at) is { Length: > 0 } title && headings.OfColumn(title) is { });

    private static FigureColumn? Read(List<SheetRow> header, int at, HeadingReader headings, List<CellProblem> problems)
    {
        List<Heading> read = [];
        for (var level = 0; level < header.Count; level++)
        {
            var title = TitleAt(header, level, at);
            if (title.Length == 0) continue;
            if (headings.OfColumn(title) is not { } heading) problems.Add(CellProblem.At(header[level].Number, at, new(
                $"看不懂的列标题“{title}”：应是年度、乡镇、部门、工种、项目名称或“合计”", $"Unknown heading “{title}”: a year, township, department, trade, programme or “合计” is expected")));
            else if (heading.Split is { } split && read.Exists(other => other.Split == split && other != heading)) problems.Add(CellProblem.At(
                header[level].Number, at, new($"“{title}”与上面的标题重复了同一个分类", $"“{title}” divides by what the heading above it divides by")));
            else if (!read.Contains(heading)) read.Add(heading);
        }
        return read.Count == 0 ? null : new(at, read);
    }

    /// <summary>A heading over several columns stands in the first only, where a file has no merged cells.</summary>
    private static string TitleAt(List<SheetRow> header, int level, int at)
    {
        if (level == header.Count - 1 || TitleOf(header[level], at) is { Length: > 0 }) return TitleOf(header[level], at);
        if (TitleOf(header[level + 1], at).Length == 0) return "";
        for (var left = at - 1; left >= 0; left--)
            if (TitleOf(header[level], left) is { Length: > 0 } title) return LabelTitles.ContainsKey(title) || HeadingReader.IsTotal(title) ? "" : title;
        return "";
    }

    private static string TitleOf(SheetRow row, int at) => row.At(at) is { Text.Length: <= 60 } cell && cell.Clean() is { } title ? HeadingReader.Bare(title) : "";
}
