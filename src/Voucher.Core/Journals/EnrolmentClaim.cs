using Voucher.Core.Vouchers;

namespace Voucher.Core.Journals;

/// <summary>What persons or the server have said of a claim already.</summary>
public enum ClaimRuling : short
{
    /// <summary>Made offline; the bounds decide.</summary>
    Open = 0,

    /// <summary>Committed online, or upheld by the county: it stands.</summary>
    Stands = 1,

    /// <summary>The county has decided against it.</summary>
    Rejected = 2,
}

/// <summary>One terminal's claim that a voucher was enrolled in a class (报到), offline or online.</summary>
/// <param name="Id">The scan's id.</param>
/// <param name="FirstDay">Of the class.</param>
/// <param name="LastDay">Of the class.</param>
public sealed record EnrolmentClaim(
    Guid Id, VoucherId Voucher, ClassId Class, DateOnly FirstDay, DateOnly LastDay, TimeBounds Bounds, ClaimRuling Ruling)
{
    /// <summary>
    /// Both cannot hold: one voucher in two classes, or one person by two vouchers in classes at the same time. The claims
    /// are of one person.
    /// </summary>
    public bool CompetesWith(EnrolmentClaim other) => Voucher == other.Voucher
        ? Class != other.Class
        : Class == other.Class || (FirstDay <= other.LastDay && LastDay >= other.FirstDay);
}

/// <summary>How a claim came out.</summary>
public enum ClaimStanding : short
{
    /// <summary>The voucher is enrolled by it, or by another claim for the same class.</summary>
    Holds = 1,

    /// <summary>Another one was earlier, stands online, or the county has decided so.</summary>
    Lost = 2,

    /// <summary>Nobody can tell which was earlier: nothing is payable until the county decides.</summary>
    InConflict = 3,
}
