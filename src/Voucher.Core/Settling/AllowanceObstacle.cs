namespace Voucher.Core.Settling;

/// <summary>Why a trainee is left out of a monthly list. In order of precedence.</summary>
public enum AllowanceObstacle
{
    Revoked = 1,
    NoLongerInClass = 2,
    InConflict = 3,
    Held = 4,
    Matched = 5,
    NotSpotChecked = 6,
    ProgrammeOutsidePurpose = 7,
    PersonOutsidePurpose = 8,
    NoVerifiedAccount = 9,

    /// <summary>All days are on other lists already, or were struck off.</summary>
    DaysTaken = 10,
}

/// <summary>What the system knows of one trainee of a class at the moment of judging.</summary>
/// <param name="IsMatched">Stands in an outside list that stops payment.</param>
/// <param name="HasAccount">An account of the person is verified by two and usable today.</param>
public sealed record AllowanceStanding(
    bool IsRevoked, bool IsInClass, bool InConflict, bool IsHeld, bool IsMatched, bool IsSpotChecked, bool LineCoversProgramme, bool LineCoversPerson, bool HasAccount)
{
    /// <summary>Everything that stands against paying, worst first; empty when the trainee may be paid.</summary>
    public IReadOnlyList<AllowanceObstacle> Obstacles(bool spotCheckRequired)
    {
        List<AllowanceObstacle> found = [];
        void When(bool stands, AllowanceObstacle obstacle) { if (stands) found.Add(obstacle); }
        When(IsRevoked, AllowanceObstacle.Revoked);
        When(!IsInClass, AllowanceObstacle.NoLongerInClass);
        When(InConflict, AllowanceObstacle.InConflict);
        When(IsHeld, AllowanceObstacle.Held);
        When(IsMatched, AllowanceObstacle.Matched);
        When(spotCheckRequired && !IsSpotChecked, AllowanceObstacle.NotSpotChecked);
        When(!LineCoversProgramme, AllowanceObstacle.ProgrammeOutsidePurpose);
        When(!LineCoversPerson, AllowanceObstacle.PersonOutsidePurpose);
        When(!HasAccount, AllowanceObstacle.NoVerifiedAccount);
        return found;
    }
}

public static class AllowanceObstacles
{
    public static Words Name(this AllowanceObstacle obstacle) => obstacle switch
    {
        AllowanceObstacle.Revoked => new("券已作废或补发", "The voucher is revoked or replaced"),
        AllowanceObstacle.NoLongerInClass => new("已退学，不在班", "No longer in the class"),
        AllowanceObstacle.InConflict => new("券有报到争议", "The voucher is in conflict"),
        AllowanceObstacle.Held => new("券在疑点核查中", "The voucher is held"),
        AllowanceObstacle.Matched => new("比对命中，停止支付", "Stands in a list that stops payment"),
        AllowanceObstacle.NotSpotChecked => new("班级还没有抽查", "The class has had no spot check"),
        AllowanceObstacle.ProgrammeOutsidePurpose => new("培训项目不在资金用途内", "The programme is outside the money's purpose"),
        AllowanceObstacle.PersonOutsidePurpose => new("人员类别不在资金用途内", "The person is outside the money's purpose"),
        AllowanceObstacle.NoVerifiedAccount => new("没有核验过且可用的本人账户", "No verified account that may be used"),
        AllowanceObstacle.DaysTaken => new("这些天已列入别的发放表", "The days are on other lists"),
        _ => throw new ArgumentOutOfRangeException(nameof(obstacle), obstacle, "Unknown obstacle."),
    };
}
