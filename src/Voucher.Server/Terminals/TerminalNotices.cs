using System.Text;
using Microsoft.AspNetCore.SignalR;
using Voucher.Core.Wire;
using Voucher.Server.Redis;

namespace Voucher.Server.Terminals;

/// <summary>
/// Tells terminals that something changed. Through Redis to every server of the county; without Redis to the terminals of
/// this server (others see it when they next ask: at the latest with their next log-in).
/// </summary>
public sealed class TerminalNotices(IHubContext<TerminalHub> hub, RedisLink redis) : IHostedService
{
    private const string Channel = "terminal-notices";

    /// <summary>The terminals of the institution ask for their setup again: its classes or its own place changed.</summary>
    public Task SetupChangedAsync(InstitutionId institution) => SendAsync(HubNames.SetupChanged, GroupOf(institution));

    /// <summary>This server's terminals ask for their setup again; every server finds out by itself (<see cref="KeyListWatch"/>).</summary>
    public Task KeysChangedAsync() => hub.Clients.All.SendAsync(HubNames.SetupChanged);

    public Task RevokedAsync(TerminalId terminal) => SendAsync(HubNames.Revoked, GroupOf(terminal));

    public static string GroupOf(InstitutionId institution) => $"institution:{institution}";

    public static string GroupOf(TerminalId terminal) => $"terminal:{terminal}";

    public Task StartAsync(CancellationToken cancellationToken) => redis.SubscribeAsync(Channel, message =>
    {
        if (Encoding.UTF8.GetString(message).Split(' ', 2) is [var method, var group])
            _ = hub.Clients.Group(group).SendAsync(method, CancellationToken.None);
    });

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task SendAsync(string method, string group)
    {
        if (!await redis.TryPublishAsync(Channel, Encoding.UTF8.GetBytes($"{method} {group}")))
            await hub.Clients.Group(group).SendAsync(method);
    }
}
