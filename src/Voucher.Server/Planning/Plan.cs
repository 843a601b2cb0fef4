using Voucher.Core.Planning;

namespace Voucher.Server.Planning;

/// <summary>Where a plan stands. Numbers are stored: they never change meaning.</summary>
public enum PlanStatus : short
{
    Draft = 1,
    InForce = 2,

    /// <summary>A later version of the same document took its place.</summary>
    Replaced = 3,

    /// <summary>A draft that was given up.</summary>
    Discarded = 4,
}

public static class PlanStatuses
{
    public static Words Name(this PlanStatus status) => status switch
    {
        PlanStatus.Draft => new("草稿", "Draft"),
        PlanStatus.InForce => new("执行中", "In force"),
        PlanStatus.Replaced => new("已被修订", "Replaced"),
        PlanStatus.Discarded => new("已放弃", "Discarded"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown status of a plan."),
    };
}

/// <summary>A plan of targets (目标任务) of one document, in one version.</summary>
public sealed record Plan(
    PlanId Id, string DocumentNo, string Title, int Version, int FirstYear, int LastYear, PlanStatus Status, int People,
    string DraftedBy, StaffId DraftedByStaff, DateTimeOffset DraftedAt, string? ApprovedBy, DateTimeOffset? ApprovedAt)
{
    /// <summary>Whether targets of it may still be changed, by its draft or by a revision.</summary>
    public bool IsOpenIn(int year) => Status is PlanStatus.Draft or PlanStatus.InForce && LastYear >= year;

    public string Years => FirstYear == LastYear ? $"{FirstYear}" : $"{FirstYear}–{LastYear}";
}

/// <summary>Bounds of a plan.</summary>
public static class PlanLimits
{
    public const int LongestDocumentNo = 60;
    public const int LongestTitle = 100;
    public const int LongestDepartment = 40;
    public const int LongestItem = 60;
    public const int LongestResponsible = 200;
    public const int MostYears = 10;
    public const int MostPeople = 10_000_000;

    /// <summary>Targets of one plan: 24 townships × 40 programmes × 5 years, and some more.</summary>
    public const int MostTargets = 6_000;

    /// <summary>Parts into which one target is divided by hand in one way.</summary>
    public const int MostParts = 200;
}
