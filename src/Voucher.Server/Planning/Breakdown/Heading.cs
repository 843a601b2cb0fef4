using Voucher.Core.Planning;
using Voucher.Server.Register;

namespace Voucher.Server.Planning.Breakdown;

/// <summary>What one heading or label of a 任务分解表 means.</summary>
/// <param name="Split"><c>null</c>: a total, or a column that only says “people”.</param>
/// <param name="Name">Of a department or an action.</param>
/// <param name="Code">Of a township, trade or programme.</param>
public sealed record Heading(TargetSplit? Split, bool IsTotal = false, int? Year = null, string? Name = null, int? Code = null)
{
    public static readonly Heading Total = new((TargetSplit?)null, IsTotal: true);
    public static readonly Heading People = new((TargetSplit?)null);

    /// <summary>Whether the place is narrowed down by the same thing already: to the same (true), to another (false), or not (<c>null</c>).</summary>
    public bool? Repeats(TargetPlace place) => Split switch
    {
        TargetSplit.Year => place.Year is { } year ? year == Year : null,
        TargetSplit.Department => place.Department is { } department ? department == Name : null,
        TargetSplit.Township => place.Township is { } township ? township == Code : null,
        TargetSplit.Programme => place.Scope is { } scope ? scope == Code : null,
        _ => null,
    };

    /// <summary>The target part that the heading names.</summary>
    public Target Of(TargetId id, TargetId parent, int people) => new(
        id, parent, Split!.Value, Year,
        Split == TargetSplit.Department ? Name : null,
        Split == TargetSplit.Township ? Code : null,
        Split == TargetSplit.Programme ? Code : null,
        Split == TargetSplit.Item ? Name : null,
        "", people);
}

/// <summary>Reads headings and labels as counties write them.</summary>
public sealed class HeadingReader(PlanNames names, int firstYear, int lastYear)
{
    private static readonly string[] TotalWords = ["合计", "总计", "小计", "共计", "全县合计", "全县", "总数"];
    private static readonly string[] PeopleWords = ["人数", "任务", "任务数", "目标", "目标任务", "任务人数", "计划人数", "培训人数", "目标任务人数", "培训任务", "计划培训人数"];
    private static readonly string[] DepartmentEndings = ["局", "部", "委", "办", "会", "中心", "校", "联", "院", "站", "社", "公司", "协会"];
    private static readonly string[] DepartmentBeginnings = ["团县委", "团州委", "县妇联", "县残联", "县人社", "县教育"];
    private readonly TownshipNames _townships = new("", names.Townships);

    /// <summary>The text without blanks, unit in brackets, and width: “ 2020年（人） ” is “2020年”.</summary>
    public static string Bare(string text)
    {
        var bare = string.Concat(text.Select(FullWidth.ToAscii).Where(c => !char.IsWhiteSpace(c)));
        var bracket = bare.IndexOf('(', StringComparison.Ordinal);
        return bracket > 0 && bare[^1] == ')' ? bare[..bracket] : bare;
    }

    /// <summary>What a heading above a column of figures means; <c>null</c> when it means nothing known.</summary>
    public Heading? OfColumn(string text)
    {
        var bare = Bare(text);
        if (IsTotal(bare)) return Heading.Total;
        if (PeopleWords.Contains(bare)) return Heading.People;
        return YearOf(bare) ?? ScopeOf(bare) ?? TownshipOf(bare) ?? DepartmentOf(bare, isCertain: false);
    }

    /// <summary>What a label at the left of a row means, in a column of this kind.</summary>
    public Heading? OfRow(TargetSplit column, string text)
    {
        var bare = Bare(text);
        if (IsTotal(bare)) return Heading.Total;
        return column switch
        {
            TargetSplit.Year => YearOf(bare),
            TargetSplit.Department => DepartmentOf(bare, isCertain: true),
            TargetSplit.Township => TownshipOf(bare),
            TargetSplit.Programme => ScopeOf(bare),
            TargetSplit.Item => bare.Length <= PlanLimits.LongestItem ? new(TargetSplit.Item, Name: text.Trim()) : null,
            _ => null,
        };
    }

    public static bool IsTotal(string bare) => TotalWords.Contains(bare);

    private Heading? YearOf(string bare)
    {
        var digits = bare.EndsWith("年度", StringComparison.Ordinal) ? bare[..^2] : bare.TrimEnd('年');
        return int.TryParse(digits, out var year) && year >= firstYear && year <= lastYear && digits.Length == 4 ? new(TargetSplit.Year, Year: year) : null;
    }

    private Heading? ScopeOf(string bare)
    {
        var scope = names.Scopes.OrderByDescending(known => known.Code).FirstOrDefault(known => known.Name == bare);
        return scope.Name is null ? null : new(TargetSplit.Programme, Code: scope.Code);
    }

    private Heading? TownshipOf(string bare) =>
        _townships.Named(bare) is { } code ? new(TargetSplit.Township, Code: code) : null;

    private Heading? DepartmentOf(string bare, bool isCertain) =>
        bare.Length is > 0 and <= PlanLimits.LongestDepartment
        && (isCertain || names.Departments.Contains(bare) || DepartmentBeginnings.Any(word => bare.StartsWith(word, StringComparison.Ordinal))
            || DepartmentEndings.Any(word => bare.EndsWith(word, StringComparison.Ordinal)))
            ? new(TargetSplit.Department, Name: bare)
            : null;
}
