using Microsoft.AspNetCore.Http.Connections;
using Voucher.Server.Operating.Limits;
using Voucher.Server.Reporting.ProgressReports;

namespace Voucher.Server.Reporting;

/// <summary>Composes the live page and the funnel.</summary>
public static class ReportingSetup
{
    public static void AddReporting(this IServiceCollection services)
    {
        services.AddSingleton<FunnelStore>().AddSingleton<LatestScanStore>();
        services.AddSingleton<ProgressReportStore>().AddSingleton<ReportCalendar>().AddSingleton<DueReports>().AddSingleton<SendReport>();
        services.AddSingleton<LiveFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveFeed>());
        services.AddSingleton<LiveConnections>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveConnections>());
    }

    public static void MapReporting(this WebApplication app)
    {
        app.MapHub<LiveHub>(LiveHub.Path, connection =>
        {
            connection.Transports = HttpTransportType.WebSockets; // See TerminalHub.
            connection.TransportMaxBufferSize = HubGuard.MostUnreadBytes;
        }).WithMetadata(RateLimit.HubConnect);
        app.MapFunnel();
    }
}
