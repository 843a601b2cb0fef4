using Microsoft.AspNetCore.Http.Connections;

namespace Voucher.Server.Reporting;

/// <summary>Composes the live page and the funnel.</summary>
public static class ReportingSetup
{
    public static void AddReporting(this IServiceCollection services)
    {
        services.AddSingleton<FunnelStore>().AddSingleton<LatestScanStore>();
        services.AddSingleton<LiveFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveFeed>());
    }

    public static void MapReporting(this WebApplication app)
    {
        app.MapHub<LiveHub>(LiveHub.Path, options => options.Transports = HttpTransportType.WebSockets); // See TerminalHub.
        app.MapFunnel();
    }
}
