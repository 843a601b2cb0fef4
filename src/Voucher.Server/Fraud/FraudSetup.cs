namespace Voucher.Server.Fraud;

public static class FraudSetup
{
    public static void AddFraud(this IServiceCollection services)
    {
        services.AddSingleton<GuardState>().AddSingleton<RateBook>().AddSingleton<RateShare>().AddSingleton<GuardWindows>().AddSingleton<UntoldScans>();
        services.AddSingleton<JudgeStore>().AddSingleton<HoldStore>().AddSingleton<HoldNews>().AddSingleton<BaitBook>().AddSingleton<AbuseGuard>();
        services.AddSingleton<WarmUpStore>().AddSingleton<WarmUp>().AddSingleton<GuardWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<GuardWatch>());
        services.AddSingleton<HoldReading>().AddSingleton<DecideHold>().AddSingleton<IssueBait>();
    }
}
