namespace Voucher.Server.Classes;

/// <summary>Where a class stands with the county. Numbers are stored: they never change meaning.</summary>
public enum ClassStatus : short
{
    /// <summary>待审定: handed in by the institution.</summary>
    Submitted = 1,

    /// <summary>已审定: may enrol; its rate is frozen.</summary>
    Approved = 2,

    /// <summary>已退回: with a reason; the institution may change it and hand it in again.</summary>
    Refused = 3,
}

public static class ClassStatuses
{
    public static Words Name(this ClassStatus status) => status switch
    {
        ClassStatus.Submitted => new("待审定", "Submitted"),
        ClassStatus.Approved => new("已审定", "Approved"),
        ClassStatus.Refused => new("已退回", "Refused"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown class status."),
    };

    public static string Colour(this ClassStatus status) => status switch
    {
        ClassStatus.Approved => "bg-green-lt",
        ClassStatus.Refused => "bg-red-lt",
        _ => "bg-yellow-lt",
    };
}
