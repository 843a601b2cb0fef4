using Voucher.Server.Issuing.Keys;
using Voucher.Server.Vouchers.Delivery;
using Voucher.Server.Vouchers.Reissuing;

namespace Voucher.Server.Vouchers;

/// <summary>Composes what happens to single vouchers: handing over, revoking, replacing, expiring.</summary>
public static class VouchersSetup
{
    public static void AddVouchers(this IServiceCollection services)
    {
        services.AddSingleton<ShowCode>().AddSingleton<HandOver>().AddSingleton<RevokeVoucher>().AddSingleton<ReplaceVoucher>();
        services.AddSingleton<RequestReissue>().AddSingleton<DecideReissue>().AddSingleton<RecordDelivery>();
        services.AddSingleton(provider => provider.GetRequiredService<KeyFolder>().OpenPhoneKeys());
        services.AddSingleton<ReleaseExpired>().AddHostedService<ExpiryWorker>();
    }
}
