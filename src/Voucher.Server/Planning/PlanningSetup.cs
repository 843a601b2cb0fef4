using Voucher.Server.Planning.Breakdown;

namespace Voucher.Server.Planning;

/// <summary>Composes the plan of targets and its progress.</summary>
public static class PlanningSetup
{
    public static void AddPlanning(this IServiceCollection services)
    {
        services.AddSingleton<PlanStore>().AddSingleton<PlanNamesStore>().AddSingleton<ProgressStore>().AddSingleton<PlanProgress>();
        services.AddSingleton<DraftPlan>().AddSingleton<SaveTargets>().AddSingleton<ApprovePlan>();
        services.AddSingleton<PlanImportStore>().AddSingleton<ImportBreakdown>();
    }
}
