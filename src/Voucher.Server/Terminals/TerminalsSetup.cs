using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.Extensions.Options;
using System.Text.Json.Serialization.Metadata;
using Voucher.Core.Wire;

namespace Voucher.Server.Terminals;

public static class TerminalsSetup
{
    /// <summary>Pairing and the terminals' hub.</summary>
    public static void AddTerminals(this IServiceCollection services)
    {
        services.AddSingleton<TerminalStore>().AddSingleton<PairTerminal>().AddSingleton<TerminalLogIn>();
        services.AddSingleton<TerminalActStore>().AddSingleton<TerminalPlaceStore>().AddSingleton<KeepTerminal>();
        services.AddSingleton<TerminalReportStore>().AddSingleton<TakeReport>().AddSingleton<FleetStore>();
        services.AddSingleton<Corrections.CorrectionStore>().AddSingleton<Corrections.DecideCorrection>();
        services.AddSingleton<TerminalLines>().AddSingleton<PresenceStore>();
        services.AddSingleton<FleetUpkeep>().AddHostedService(provider => provider.GetRequiredService<FleetUpkeep>());
        services.AddSingleton<IPostConfigureOptions<BearerTokenOptions>, OpenedTokens.Setup>();
        services.AddSingleton<KeyListWatch>().AddHostedService(provider => provider.GetRequiredService<KeyListWatch>());
        services.AddSingleton<TerminalNotices>().AddHostedService(provider => provider.GetRequiredService<TerminalNotices>());
        // The generated one comes first; the live pages' messages are not of it, and the protocol is one for all hubs.
        services.AddSignalR().AddJsonProtocol(json => json.PayloadSerializerOptions.TypeInfoResolver =
                JsonTypeInfoResolver.Combine(WireJson.Default, new DefaultJsonTypeInfoResolver()))
            .AddHubOptions<TerminalHub>(hub =>
        {
            hub.MaximumReceiveMessageSize = TerminalHub.LargestMessageBytes;
            hub.MaximumParallelInvocationsPerClient = TerminalHub.ScansAtOnce;
        });
    }
}
