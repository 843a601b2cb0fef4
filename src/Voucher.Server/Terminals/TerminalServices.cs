using Voucher.Server.Redeeming;

namespace Voucher.Server.Terminals;

public static class TerminalServices
{
    /// <summary>Pairing, the terminals' hub, and the path of every scan.</summary>
    public static void AddTerminals(this IServiceCollection services)
    {
        services.AddSingleton<TerminalStore>().AddSingleton<PairTerminal>().AddSingleton<TerminalLogIn>();
        services.AddSingleton<KeyListWatch>().AddHostedService(provider => provider.GetRequiredService<KeyListWatch>());
        services.AddSingleton<TerminalNotices>().AddHostedService(provider => provider.GetRequiredService<TerminalNotices>());
        services.AddSingleton<ScanGuard>().AddSingleton<ScanTransaction>().AddSingleton<ScanNews>().AddSingleton<ScanDesk>();
        services.AddSignalR().AddHubOptions<TerminalHub>(hub =>
        {
            hub.MaximumReceiveMessageSize = TerminalHub.LargestMessageBytes;
            hub.MaximumParallelInvocationsPerClient = TerminalHub.ScansAtOnce;
            hub.ClientTimeoutInterval = TimeSpan.FromSeconds(20);
            hub.KeepAliveInterval = TimeSpan.FromSeconds(5);
        });
    }
}
