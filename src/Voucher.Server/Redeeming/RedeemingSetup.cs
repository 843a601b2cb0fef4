using Voucher.Core.Wire;

namespace Voucher.Server.Redeeming;

public static class RedeemingSetup
{
    /// <summary>The path of every scan.</summary>
    public static void AddRedeeming(this IServiceCollection services)
    {
        services.AddSingleton<VerifiedTokens>().AddSingleton<ShortCodeDesk>().AddSingleton<RepeatMemory>();
        services.AddSingleton<IScanLedger, ScanLedger>().AddSingleton<ScanBatchRunner>().AddSingleton<RedemptionEngine>();
        services.AddSingleton<ScanNews>().AddSingleton<ScanDesk>();
        services.AddHostedService<EngineHost>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, WireJson.Default));
    }
}
