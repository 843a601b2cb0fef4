namespace Voucher.Server.Register;

/// <summary>Which people are wanted; what is empty does not narrow.</summary>
/// <param name="NamePrefix">First characters of the name.</param>
/// <param name="Derived">A list that is not kept but follows from what is recorded.</param>
public sealed record PeopleFilter(
    int? TownshipCode = null, string? Category = null, int? ListId = null, string? NamePrefix = null, long? VillageCode = null,
    EmploymentState? Employment = null, int? WishTrade = null, string? HouseholdNumber = null, DerivedList Derived = DerivedList.None);

/// <summary>The lists of text 002 (四（一）) that nobody keeps by hand.</summary>
public enum DerivedList
{
    None = 0,

    /// <summary>需求清单: whoever has said what they wish to learn and has not completed a training this year.</summary>
    Demand = 1,

    /// <summary>
    /// 参训清单, the text's 参训人员: whoever enrolled this year or is in a class with days in this year. So a class begun in December
    /// is not lost at New Year, nor one enrolled for in December and taught from January.
    /// </summary>
    Attending = 2,
}

public static class DerivedLists
{
    public static readonly IReadOnlyList<DerivedList> All = [DerivedList.Demand, DerivedList.Attending];

    public static Words Name(this DerivedList list) => list switch
    {
        DerivedList.Demand => new("需求清单", "Demand list"),
        DerivedList.Attending => new("参训清单", "Attending list"),
        _ => throw new ArgumentOutOfRangeException(nameof(list), list, "Not a derived list."),
    };

    public static Words Definition(this DerivedList list) => list switch
    {
        DerivedList.Demand => new("登记了培训意愿、今年还没有结业的人", "People with a recorded wish who have not completed a training this year"),
        DerivedList.Attending => new("今年报到、或者所在班级今年有课的人，退学的除外", "People who enrolled this year or whose class is held in this year, the withdrawn excepted"),
        _ => throw new ArgumentOutOfRangeException(nameof(list), list, "Not a derived list."),
    };

    /// <summary>As in addresses; <c>null</c> when it is none of them.</summary>
    public static DerivedList? Named(string? text) => text switch { "demand" => DerivedList.Demand, "attending" => DerivedList.Attending, _ => null };

    public static string Slug(this DerivedList list) => list is DerivedList.Demand ? "demand" : "attending";
}
