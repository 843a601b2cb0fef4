using Voucher.Core.Wire;

namespace Voucher.Server.Terminals;

public static class TerminalServices
{
    /// <summary>Pairing and the terminals' hub.</summary>
    public static void AddTerminals(this IServiceCollection services)
    {
        services.AddSingleton<TerminalStore>().AddSingleton<PairTerminal>().AddSingleton<TerminalLogIn>();
        services.AddSingleton<KeyListWatch>().AddHostedService(provider => provider.GetRequiredService<KeyListWatch>());
        services.AddSingleton<TerminalNotices>().AddHostedService(provider => provider.GetRequiredService<TerminalNotices>());
        services.AddSignalR().AddJsonProtocol(json => json.PayloadSerializerOptions.TypeInfoResolverChain.Insert(0, WireJson.Default))
            .AddHubOptions<TerminalHub>(hub =>
        {
            hub.MaximumReceiveMessageSize = TerminalHub.LargestMessageBytes;
            hub.MaximumParallelInvocationsPerClient = TerminalHub.ScansAtOnce;
            hub.ClientTimeoutInterval = TimeSpan.FromSeconds(20);
            hub.KeepAliveInterval = TimeSpan.FromSeconds(5);
        });
    }
}
