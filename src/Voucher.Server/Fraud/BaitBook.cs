using System.Collections.Frozen;
using Voucher.Core.Fraud;

namespace Voucher.Server.Fraud;

/// <summary>
/// The vouchers that nobody holds, known by heart so that a scan need not ask. That they cannot be used rests on their hold in
/// PostgreSQL; what is read here once a second is only how soon the county hears of a scan.
/// </summary>
public sealed class BaitBook(HoldStore holds, HoldNews news, GuardState state)
{
    private volatile FrozenSet<VoucherId> _baits = [];

    public async Task ReadAsync() => _baits = (await holds.BaitsAsync()).ToFrozenSet();

    /// <summary>Alarms the county when the voucher is bait; <c>null</c> when it is not.</summary>
    public async Task<VoucherHold?> AlarmAsync(VoucherId voucher, GuardPlace place, DateTimeOffset at, GuardLimits limits)
    {
        if (!_baits.Contains(voucher) || await holds.AlarmAsync(voucher, at, limits.Decision) is not var (hold, isNew)) return null;
        if (isNew)
        {
            state.CountHeld(HoldReason.Honeytoken);
            await news.OpenedAsync(hold, voucher, place);
        }
        return hold;
    }
}
