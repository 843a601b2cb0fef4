namespace Voucher.Core.Planning;

/// <summary>
/// By what a target is divided from the one above it. Numbers are stored: they never change meaning. A target may be divided
/// in several ways at once (a year by township and again by department), and each way sums to it.
/// </summary>
public enum TargetSplit : short
{
    /// <summary>The whole plan.</summary>
    Whole = 0,

    Year = 1,

    /// <summary>责任部门, as budget lines name it.</summary>
    Department = 2,

    Township = 3,

    /// <summary>A programme or a trade.</summary>
    Programme = 4,

    /// <summary>An action with a name of its own, such as 雨露计划 (text 000), perhaps tied to a programme or a trade.</summary>
    Item = 5,
}

/// <summary>Ways of dividing by name.</summary>
public static class TargetSplits
{
    /// <summary>The ways in which a target can be divided, in the order in which spreadsheets are read.</summary>
    public static readonly IReadOnlyList<TargetSplit> Ways =
        [TargetSplit.Year, TargetSplit.Department, TargetSplit.Township, TargetSplit.Programme, TargetSplit.Item];

    /// <summary>As screens say it.</summary>
    public static Words Name(this TargetSplit split) => split switch
    {
        TargetSplit.Whole => new("总体", "Whole plan"),
        TargetSplit.Year => new("年度", "Year"),
        TargetSplit.Department => new("部门", "Department"),
        TargetSplit.Township => new("乡镇", "Township"),
        TargetSplit.Programme => new("项目", "Programme"),
        TargetSplit.Item => new("专项", "Action"),
        _ => throw new ArgumentOutOfRangeException(nameof(split), split, "Unknown split."),
    };
}
