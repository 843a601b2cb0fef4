using Voucher.Server.Institutions.Consequences;
using Voucher.Server.Institutions.Marking;
using Voucher.Server.Institutions.Publishing;

namespace Voucher.Server.Institutions.Accrediting;

public static class AccreditingSetup
{
    /// <summary>Accreditations, marks, and what the county publishes of them.</summary>
    public static void AddAccrediting(this IServiceCollection services)
    {
        services.AddSingleton<AccreditationStore>().AddSingleton<ApplicationStore>().AddSingleton<InstitutionStandingStore>().AddSingleton<TakeStep>();
        services.AddSingleton<DrawUpAccreditation>().AddSingleton<JudgeAccreditation>().AddSingleton<StopInstitution>();
        services.AddSingleton<StandingUpkeep>().AddHostedService(provider => provider.GetRequiredService<StandingUpkeep>());
        services.AddConsequences();
        services.AddSingleton<MarkStore>().AddSingleton<MarkInstitution>().AddSingleton<PublishedStore>();
    }

    public static void MapAccrediting(this WebApplication app)
    {
        AccreditationEndpoints.Map(app);
        StandingEndpoints.Map(app);
        app.MapConsequences();
    }
}
