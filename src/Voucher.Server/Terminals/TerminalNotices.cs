using System.Text;
using Microsoft.AspNetCore.SignalR;
using Voucher.Core.Wire;
using Voucher.Server.Redis;

namespace Voucher.Server.Terminals;

/// <summary>
/// Tells terminals that something changed: those of this server directly, those of the others through Redis, each once.
/// Without Redis the others' see it when they next ask: at the latest with their next log-in.
/// </summary>
public sealed class TerminalNotices(IHubContext<TerminalHub> hub, RedisLink redis, County county, ILogger<TerminalNotices> log) : BackgroundService
{
    private readonly ServerChannel _others = new(redis, county, "terminal-notices", log);

    /// <summary>The terminals of the institution ask for their setup again: its classes or its own place changed.</summary>
    public Task SetupChangedAsync(InstitutionId institution) => TellAsync(HubNames.SetupChanged, GroupOf(institution));

    /// <summary>This server's terminals ask for their setup again; every server finds out by itself (<see cref="KeyListWatch"/>).</summary>
    public Task KeysChangedAsync() => hub.Clients.All.SendAsync(HubNames.SetupChanged);

    public Task RevokedAsync(TerminalId terminal) => TellAsync(HubNames.Revoked, GroupOf(terminal));

    public static string GroupOf(InstitutionId institution) => $"institution:{institution}";

    public static string GroupOf(TerminalId terminal) => $"terminal:{terminal}";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _others.ListenAsync(
        message => Encoding.UTF8.GetString(message).Split(' ', 2) is [var method, var group] ? SendAsync(method, group) : Task.CompletedTask,
        stoppingToken);

    private Task TellAsync(string method, string group)
    {
        _others.Tell(Encoding.UTF8.GetBytes($"{method} {group}"));
        return SendAsync(method, group);
    }

    private Task SendAsync(string method, string group) => hub.Clients.Group(group).SendAsync(method);
}
