namespace Voucher.Core.Vouchers;

/// <summary>
/// The states that are stored. Expired (已过期) is derived from time; claimed for settlement, approved and paid are
/// states of the claim line. Numbers are stored: they never change meaning.
/// </summary>
public enum VoucherState : short
{
    /// <summary>已发放: signed and written, not yet in the holder's hands.</summary>
    Issued = 1,

    /// <summary>已领取: handed to the holder.</summary>
    Claimed = 2,

    /// <summary>已报到: bound to one institution and one class by the first scan.</summary>
    Enrolled = 3,

    /// <summary>已结业: attended enough, passed, and handed over.</summary>
    Completed = 4,

    /// <summary>已退学: left the class; the voucher is spent.</summary>
    Withdrawn = 5,

    /// <summary>已作废: taken out of use by the county, with a reason.</summary>
    Revoked = 6,

    /// <summary>已补发: a reprint took its place.</summary>
    Replaced = 7,
}

public static class VoucherStates
{
    public static Words Name(this VoucherState state) => state switch
    {
        VoucherState.Issued => new("已发放", "Issued"),
        VoucherState.Claimed => new("已领取", "Claimed"),
        VoucherState.Enrolled => new("已报到", "Enrolled"),
        VoucherState.Completed => new("已结业", "Completed"),
        VoucherState.Withdrawn => new("已退学", "Withdrawn"),
        VoucherState.Revoked => new("已作废", "Revoked"),
        VoucherState.Replaced => new("已补发", "Replaced"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown voucher state."),
    };

    /// <summary>已过期: unused, and its last day is over. A voucher already bound to a class no longer expires.</summary>
    public static bool IsExpiredOn(this VoucherState state, DateOnly localDay, DateOnly validUntil) =>
        state is VoucherState.Issued or VoucherState.Claimed && localDay > validUntil;

    public static readonly Words Expired = new("已过期", "Expired");
}
