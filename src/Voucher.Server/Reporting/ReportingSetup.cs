namespace Voucher.Server.Reporting;

/// <summary>Composes the live page, the funnel and the work list.</summary>
public static class ReportingSetup
{
    public static void AddReporting(this IServiceCollection services)
    {
        services.AddSingleton<LiveFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveFeed>());
    }

    public static void MapReporting(this WebApplication app)
    {
        app.MapHub<LiveHub>(LiveHub.Path);
    }
}
