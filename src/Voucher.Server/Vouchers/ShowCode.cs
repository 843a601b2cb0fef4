using Voucher.Server.Issuing.Printing;
using Voucher.Server.Policies;

namespace Voucher.Server.Vouchers;

/// <summary>The code of a voucher that may still be used; a void one shows none, so that no picture of it goes about.</summary>
public sealed class ShowCode(NpgsqlDataSource database, PolicyStore policies, County county, TimeProvider clock)
{
    public async Task<Outcome<QrImage>> RunAsync(VoucherId id, QrStrength strength)
    {
        await using var connection = await database.OpenConnectionAsync();
        if (await VoucherRecordStore.FindAsync(connection, county.Region, id) is not { } voucher) return Refusal.Of(RefusalCode.NotFound);
        var today = CountyTime.DayOf(clock.GetUtcNow());
        if (voucher.IsUsable(today)) return new QrImage(voucher.Digits(), strength);
        return await RefuseAsync(voucher, today);
    }

    private async Task<Refusal> RefuseAsync(VoucherRecord voucher, DateOnly today)
    {
        var policy = await policies.InForceOrLastAsync(today);
        return voucher.State switch
        {
            VoucherState.Replaced => Refusal.Under(policy, RefusalCode.VoucherReplaced, voucher.ReplacedBy!.Value),
            VoucherState.Revoked => Refusal.Under(policy, RefusalCode.VoucherRevoked, "—"),
            VoucherState.Withdrawn => Refusal.Under(policy, RefusalCode.VoucherWithdrawn, "—"),
            VoucherState.Completed => Refusal.Under(policy, RefusalCode.VoucherCompleted, "—"),
            _ => Refusal.Under(policy, RefusalCode.VoucherExpired, CountyTime.Show(voucher.ValidUntil)),
        };
    }
}
