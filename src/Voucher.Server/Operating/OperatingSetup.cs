namespace Voucher.Server.Operating;

/// <summary>Composes what an operator sees and bounds: meters, health, limits, traces, the page.</summary>
public static class OperatingSetup
{
    public static void AddOperating(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<Meters>().AddSingleton<MetricBook>().AddSingleton<BadInputs>().AddSingleton<ScanWatch>();
    }
}
