namespace Voucher.Server.Policies;

public static class PolicySetup
{
    /// <summary>The rules of the county: packs, their drafts, and the way from one to the other.</summary>
    public static void AddPolicies(this IServiceCollection services) =>
        services.AddSingleton<PolicyStore>().AddSingleton<PolicyDraftStore>()
            .AddSingleton<DraftPolicy>().AddSingleton<DecidePolicy>().AddSingleton<LoadPolicy>();
}
