using Voucher.Server.Issuing.Keys;

namespace Voucher.Server.Vouchers;

/// <summary>Composes what happens to single vouchers: handing over, revoking, replacing, expiring.</summary>
public static class VouchersSetup
{
    public static void AddVouchers(this IServiceCollection services)
    {
        services.AddSingleton<ShowCode>().AddSingleton<HandOver>().AddSingleton<RevokeVoucher>().AddSingleton<ReplaceVoucher>();
        services.AddSingleton(provider => provider.GetRequiredService<KeyFolder>().OpenPhoneKeys());
        services.AddSingleton<ReleaseExpired>().AddHostedService<ExpiryWorker>();
    }
}
