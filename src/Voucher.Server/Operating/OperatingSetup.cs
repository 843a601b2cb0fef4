using Voucher.Server.Operating.Health;

namespace Voucher.Server.Operating;

/// <summary>Composes what an operator sees and bounds: meters, health, limits, traces, the page.</summary>
public static class OperatingSetup
{
    public static void AddOperating(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<Meters>().AddSingleton<MetricBook>().AddSingleton<BadInputs>().AddSingleton<ScanWatch>();
        services.AddSingleton<InstanceStore>().AddSingleton<DatabaseStore>().AddSingleton<HealthCheck>();
        services.AddSingleton<Draining>().AddHostedService(provider => provider.GetRequiredService<Draining>());
        services.AddSingleton<Pulse>().AddHostedService(provider => provider.GetRequiredService<Pulse>());
    }

    public static void MapOperating(this WebApplication app)
    {
        app.MapHealth();
        app.MapMetrics();
    }
}
