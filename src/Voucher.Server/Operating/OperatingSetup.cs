using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Voucher.Server.Operating.Health;
using Voucher.Server.Operating.Limits;
using Voucher.Server.Reporting;

namespace Voucher.Server.Operating;

/// <summary>Composes what an operator sees and bounds: meters, health, limits, traces, the page.</summary>
public static class OperatingSetup
{
    /// <summary>After draining, requests and batches under way have so long to end.</summary>
    public static readonly TimeSpan FinishWithin = TimeSpan.FromSeconds(30);

    public static void AddOperating(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<Meters>().AddSingleton<MetricBook>().AddSingleton<BadInputs>().AddSingleton<ScanWatch>();
        services.AddSingleton<InstanceStore>().AddSingleton<DatabaseStore>().AddSingleton<HealthCheck>();
        services.AddOptions<HostOptions>().Configure<ServerSettings>((host, settings) => host.ShutdownTimeout = FinishWithin + settings.Drain);
        services.AddSingleton<Draining>().AddHostedService(provider => provider.GetRequiredService<Draining>());
        services.AddRateLimits();
        services.AddSingleton<ConnectionLimits>().AddSingleton<FailedAccess>().AddSingleton<StaticLimit>().AddHostedService<BadRequestWatch>();
        AddHubLimits(services);
        services.AddSingleton<Telemetry>().AddHostedService(provider => provider.GetRequiredService<Telemetry>());
        services.AddSingleton<Pulse>().AddHostedService(provider => provider.GetRequiredService<Pulse>());
    }

    /// <summary>Those of every hub; the terminals' own are with their hub.</summary>
    private static void AddHubLimits(IServiceCollection services)
    {
        services.AddSingleton<HubGuard>().AddSingleton<IHubProtocol, CountingHubProtocol>();
        services.AddSignalR(hubs =>
        {
            hubs.AddFilter<HubGuard>();
            hubs.HandshakeTimeout = HubGuard.HandshakeWithin;
            hubs.ClientTimeoutInterval = HubGuard.GoneAfter;
            hubs.KeepAliveInterval = HubGuard.PingEvery;
        }).AddHubOptions<LiveHub>(live => live.MaximumReceiveMessageSize = HubGuard.LargestLiveMessageBytes);
    }

    /// <summary>Takes the caller's address from the proxies of <c>VOUCHER_PROXIES</c>, and from nobody else.</summary>
    public static void UseKnownProxies(this WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<ServerSettings>().Proxies;
        if (proxies.Count == 0) return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies) options.KnownIPNetworks.Add(proxy);
        app.UseForwardedHeaders(options);
    }

    public static void MapOperating(this WebApplication app)
    {
        app.MapHealth();
        app.MapMetrics();
    }
}
