namespace Voucher.Server.Register.Lists;

/// <summary>What a list is for. Numbers are stored: they never change meaning.</summary>
public enum ListKind : short
{
    /// <summary>For issuing to; made by an import or a clerk.</summary>
    Ordinary = 1,

    /// <summary>One of the standing lists of the county's register (一库五名单, text 001).</summary>
    Standing = 2,

    /// <summary>年度任务清单: who is to be trained in a year (text 002).</summary>
    YearTask = 3,
}

public static class ListKinds
{
    /// <summary>The standing ones in their order, the years' tasks, then the ordinary ones, the newest first.</summary>
    public static IOrderedEnumerable<PersonList> InOrder(this IEnumerable<PersonList> lists) => lists
        .OrderBy(list => list.Kind is ListKind.Standing ? 0 : list.Kind is ListKind.YearTask ? 1 : 2)
        .ThenBy(list => list.Kind is ListKind.Standing ? list.Position : 0);

    public static Words Name(this ListKind kind) => kind switch
    {
        ListKind.Ordinary => new("一般名单", "Ordinary list"),
        ListKind.Standing => new("五名单", "Standing list"),
        ListKind.YearTask => new("年度任务清单", "Task list of the year"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of list."),
    };
}

/// <summary>A named list of people.</summary>
/// <param name="People">Those whom the asker sees.</param>
/// <param name="Definition">Who belongs on it.</param>
/// <param name="Year">Of a year's tasks.</param>
public sealed record PersonList(int Id, string Name, int People, ListKind Kind, string Definition, short Position, int? Year)
{
    public const int LongestName = 40;
    public const int LongestDefinition = 200;
}

/// <summary>How many of a list live in a township; none where the register does not know it.</summary>
public sealed record TownshipCount(int? Code, string? Name, int People);
