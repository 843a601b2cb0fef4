namespace Voucher.Server.Register.Matching;

/// <summary>What matching with outside lists brings to the server.</summary>
public static class MatchingSetup
{
    public static void AddMatching(this IServiceCollection services)
    {
        services.AddSingleton<MatchStore>().AddSingleton<StartMatching>().AddSingleton<DismissalStore>().AddSingleton<DismissHit>().AddSingleton<FeedbackFile>();
        services.AddSingleton<AbsenceStore>().AddSingleton<ConfirmAbsence>();
        services.AddSingleton<OutgoingStore>().AddSingleton<OutgoingRegister>();
        services.AddSingleton<MatchWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<MatchWorker>());
    }
}
