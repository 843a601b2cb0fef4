using System.Globalization;
using Voucher.Core.Planning;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Planning.Breakdown;

/// <summary>One figure of the sheet that is a target and no sum of others.</summary>
/// <param name="Path">What it is about, in the order of the levels of the tree.</param>
public sealed record Figure(string Cell, IReadOnlyList<Heading> Path, int People, string Responsible);

/// <summary>
/// A 任务分解表 as it was read: rows are townships, departments or programmes, columns are years, programmes or departments, with
/// 合计 anywhere. Every 合计 is computed anew; one that says otherwise is named with both figures.
/// </summary>
public sealed class BreakdownSheet
{
    public const int MostRows = 2_000;
    public const int MostProblems = 200;

    private static readonly string[] NoTarget = ["-", "—", "--", "——", "/", "\\", "无"];

    private readonly List<CellProblem> _problems = [];
    private readonly List<Figure> _figures = [];
    private readonly List<(string Cell, IReadOnlyList<Heading> Group, int Stated)> _totals = [];
    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);

    private readonly TargetPlace _place;

    private BreakdownSheet(string name, IReadOnlyList<SheetRow> rows, TargetPlace place)
    {
        _place = place;
        Name = name;
        Rows = rows;
    }

    /// <summary>Of the sheet in its workbook.</summary>
    public string Name { get; }

    /// <summary>As the file has them, for the preview.</summary>
    public IReadOnlyList<SheetRow> Rows { get; }

    public IReadOnlyList<Figure> Figures => _figures;

    public long Total => _figures.Sum(figure => (long)figure.People);

    /// <summary>The first hundreds of what is wrong; empty when the sheet can be taken over.</summary>
    public IReadOnlyList<CellProblem> Problems => [.. _problems.Take(MostProblems)];

    /// <param name="place">What the target is about that the sheet divides: it need not be said again, and nothing else may be said.</param>
    /// <exception cref="UnusableFileException">What is wrong with the file as a whole.</exception>
    public static BreakdownSheet Read(string fileName, byte[] content, PlanNames names, int firstYear, int lastYear, TargetPlace place)
    {
        if (content.Length == 0) throw new UnusableFileException(new("文件是空的", "The file is empty"));
        var headings = new HeadingReader(names, firstYear, lastYear);
        foreach (var sheet in RegisterFile.SheetsOf(fileName, content))
        {
            var rows = sheet.Rows.Take(MostRows + 1).ToList();
            if (rows.Count > MostRows) throw new UnusableFileException(new($"超过 {MostRows} 行", $"More than {MostRows} rows"));
            var read = new BreakdownSheet(sheet.Name, rows, place);
            if (BreakdownColumns.Find(rows, headings, read._problems) is not { } columns) continue;
            read.ReadRows(columns, headings);
            return read;
        }
        throw new UnusableFileException(new(
            $"前 {UploadLimits.HeaderWithinRows} 行里没有找到表头：左边要有“乡镇”“部门”“年度”或“项目”一列，右边是人数",
            $"No header in the first {UploadLimits.HeaderWithinRows} rows: a column “乡镇”, “部门”, “年度” or “项目”, and figures beside it"));
    }

    /// <summary>The targets under <paramref name="parent"/>, parents before their parts, with numbers of their own.</summary>
    public IReadOnlyList<Target> TargetsUnder(TargetId parent)
    {
        List<Target> targets = [];
        var nodes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var figure in _figures)
        {
            var (above, key) = (parent, "");
            foreach (var heading in figure.Path)
            {
                key += "|" + KeyOf([heading]);
                if (!nodes.TryGetValue(key, out var at))
                {
                    nodes.Add(key, at = targets.Count);
                    targets.Add(heading.Of(new(-1 - at), above, 0));
                }
                targets[at] = targets[at] with { People = checked(targets[at].People + figure.People) };
                above = targets[at].Id;
            }
            if (figure.Responsible.Length > 0) targets[nodes[key]] = targets[nodes[key]] with { Responsible = figure.Responsible };
        }
        return targets;
    }

    private void ReadRows(BreakdownColumns columns, HeadingReader headings)
    {
        var carried = new string[columns.Labels.Count];
        foreach (var row in Rows.Where(row => row.Number > columns.LastRow && columns.Figures.Any(column => !row.At(column.At).IsBlank)))
        {
            var labels = LabelsOf(row, columns, headings, carried);
            if (labels is not null) ReadFigures(row, labels, columns);
        }
        if (_figures.Count == 0 && _problems.Count == 0)
            _problems.Add(new("", new("表头下面没有人数", "There are no figures below the header")));
        if (_figures.Sum(figure => (long)figure.People) > PlanLimits.MostPeople || _figures.Count > PlanLimits.MostTargets)
            _problems.Add(new("", new($"最多 {PlanLimits.MostTargets} 个数、{PlanLimits.MostPeople} 人", $"At most {PlanLimits.MostTargets} figures and {PlanLimits.MostPeople} people")));
        else CompareTotals();
    }

    /// <summary>An empty label repeats the one above it, but for the last of several.</summary>
    private List<Heading>? LabelsOf(SheetRow row, BreakdownColumns columns, HeadingReader headings, string[] carried)
    {
        List<Heading> labels = [];
        for (var i = 0; i < columns.Labels.Count; i++)
        {
            var (at, split) = columns.Labels[i];
            var text = row.At(at).Clean();
            if (string.IsNullOrEmpty(text) && i < columns.Labels.Count - 1 && carried[i] is { } above) text = above;
            if (!string.IsNullOrEmpty(text)) carried[i] = text;
            if (string.IsNullOrEmpty(text) && labels.Exists(label => label.IsTotal)) continue;
            if (headings.OfRow(split, text ?? "") is not { } label || string.IsNullOrEmpty(text))
            {
                _problems.Add(CellProblem.At(row.Number, at, string.IsNullOrEmpty(text)
                    ? new($"没有填{split.Name().Zh}", $"The {split.Name().En.ToLowerInvariant()} is missing")
                    : new($"没有这个{split.Name().Zh}“{text}”", $"There is no {split.Name().En.ToLowerInvariant()} “{text}”")));
                return null;
            }
            labels.Add(label);
        }
        return labels;
    }

    private void ReadFigures(SheetRow row, List<Heading> labels, BreakdownColumns columns)
    {
        var responsible = columns.Responsible is { } at && row.At(at).Clean() is { Length: <= PlanLimits.LongestResponsible } text ? text : "";
        foreach (var column in columns.Figures)
        {
            var cell = CellProblem.NameOf(row.Number, column.At);
            if (!TryNumber(row.At(column.At), cell, out var people) || people is not { } known) continue;
            List<Heading> path = [.. labels.Concat(column.Headings).Where(heading => heading.Split is not null)
                .OrderBy(heading => heading.Split)];
            if (path.Exists(heading => heading.Repeats(_place) == false))
            {
                _problems.Add(new(cell, new("不属于要分解的这条任务", "Not part of the target that is divided")));
                continue;
            }
            path.RemoveAll(heading => heading.Repeats(_place) == true);
            if (path.Count == 0 || labels.Exists(label => label.IsTotal) || column.IsTotal) _totals.Add((cell, path, known));
            else if (path.Select(heading => heading.Split).Distinct().Count() < path.Count) _problems.Add(new(cell, new("行与列按同一个分类划分", "Row and column divide by the same thing")));
            else if (_seen.TryGetValue(KeyOf(path), out var before)) _problems.Add(new(cell, new($"与 {before} 重复", $"The same as {before}")));
            else Add(new Figure(cell, path, known, responsible));
        }
    }

    private void Add(Figure figure)
    {
        _seen.Add(KeyOf(figure.Path), figure.Cell);
        if (figure.People > 0) _figures.Add(figure);
    }

    /// <summary>A number of people; <c>null</c> where the cell says that there is none.</summary>
    private bool TryNumber(Cell cell, string name, out int? people)
    {
        people = null;
        var text = string.Concat((cell.Clean() ?? "?").Select(FullWidth.ToAscii)).Replace(",", "", StringComparison.Ordinal).Trim();
        if (text.EndsWith('人')) text = text[..^1].Trim();
        if (text.Length == 0 || NoTarget.Contains(text)) return true;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number) && number <= PlanLimits.MostPeople)
        {
            people = (int)number;
            return true;
        }
        var shown = text.Length > 20 ? text[..20] + "…" : text;
        _problems.Add(new(name, new($"“{shown}”不是人数", $"“{shown}” is no number of people")));
        return false;
    }

    private void CompareTotals()
    {
        foreach (var (cell, group, stated) in _totals)
        {
            var sum = _figures.Where(figure => group.TrueForAllIn(figure.Path)).Sum(figure => (long)figure.People);
            if (sum != stated) _problems.Add(new(cell, new(
                $"合计写的是 {stated}，各项相加是 {sum}，差 {Math.Abs(sum - stated)}", $"The total says {stated}, its parts come to {sum}: a difference of {Math.Abs(sum - stated)}")));
        }
    }

    private static string KeyOf(IEnumerable<Heading> path) =>
        string.Join('|', path.Select(heading => $"{(short)heading.Split!.Value}:{heading.Year}{heading.Code?.ToString(CultureInfo.InvariantCulture) ?? heading.Name}"));
}

internal static class Headings
{
    public static bool TrueForAllIn(this IReadOnlyList<Heading> group, IReadOnlyList<Heading> path) => group.All(path.Contains);
}
