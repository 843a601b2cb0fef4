using System.Runtime.InteropServices;
using Voucher.Core.Vouchers;

namespace Voucher.Core.OfflineLists;

/// <summary>
/// What a terminal without a link may know of a voucher: two bits. Whether it is expired stands in its token; whether the county
/// is looking at it (held, in conflict) is told to nobody.
/// </summary>
public enum VoucherStatus : byte
{
    /// <summary>可用: issued or in its holder's hands.</summary>
    Usable = 0,

    /// <summary>已报到: bound to a class.</summary>
    Enrolled = 1,

    /// <summary>已用完: completed, or its holder left the class.</summary>
    Closed = 2,

    /// <summary>已作废: taken out of use, or a reprint took its place.</summary>
    Revoked = 3,
}

/// <summary>A voucher of a list's region and what it has come to.</summary>
/// <param name="Serial">0 to <see cref="StatusList.MostSerials"/> − 1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StatusChange(int Serial, VoucherStatus Status);

public static class VoucherStatuses
{
    public static VoucherStatus Of(VoucherState state) => state switch
    {
        VoucherState.Issued or VoucherState.Claimed => VoucherStatus.Usable,
        VoucherState.Enrolled => VoucherStatus.Enrolled,
        VoucherState.Completed or VoucherState.Withdrawn => VoucherStatus.Closed,
        VoucherState.Revoked or VoucherState.Replaced => VoucherStatus.Revoked,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown voucher state."),
    };
}
