using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.SignalR;
using Voucher.Core.Wire;
using Voucher.Server.Redis;

namespace Voucher.Server.Terminals;

/// <summary>
/// Tells terminals that something changed: those of this server directly, those of the others through Redis, each once.
/// Without Redis the others' see it when they next ask: at the latest with their next log-in.
/// </summary>
public sealed class TerminalNotices(
    IHubContext<TerminalHub> hub, TerminalLines lines, RedisLink redis, County county, ILogger<TerminalNotices> log) : BackgroundService
{
    /// <summary>Between servers only: the lines of a terminal belong to another institution's group from now on.</summary>
    private const string Moved = "Moved";

    private readonly ServerChannel _others = new(redis, county, "terminal-notices", log);

    /// <summary>The terminals of the institution ask for their setup again: its classes or its own place changed.</summary>
    public Task SetupChangedAsync(InstitutionId institution) => TellAsync(HubNames.SetupChanged, GroupOf(institution));

    /// <summary>One terminal asks for its setup again: its name changed.</summary>
    public Task SetupChangedAsync(TerminalId terminal) => TellAsync(HubNames.SetupChanged, GroupOf(terminal));

    /// <summary>This server's terminals ask for their setup again; every server finds out by itself (<see cref="KeyListWatch"/>).</summary>
    public Task KeysChangedAsync() => hub.Clients.All.SendAsync(HubNames.SetupChanged);

    public Task RevokedAsync(TerminalId terminal) => TellAsync(HubNames.Revoked, GroupOf(terminal));

    /// <summary>The terminal hears of its new institution from now on, and asks for its setup.</summary>
    public Task MovedAsync(TerminalId terminal, InstitutionId from, InstitutionId to) =>
        TellAsync(Moved, string.Create(CultureInfo.InvariantCulture, $"{terminal} {from} {to}"));

    public static string GroupOf(InstitutionId institution) => $"institution:{institution}";

    public static string GroupOf(TerminalId terminal) => $"terminal:{terminal}";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _others.ListenAsync(
        message => Encoding.UTF8.GetString(message).Split(' ', 2) is [var method, var about] ? HereAsync(method, about) : Task.CompletedTask,
        stoppingToken);

    private Task TellAsync(string method, string about)
    {
        _others.Tell(Encoding.UTF8.GetBytes($"{method} {about}"));
        return HereAsync(method, about);
    }

    private Task HereAsync(string method, string about) => method == Moved ? RegroupAsync(about.Split(' ')) : hub.Clients.Group(about).SendAsync(method);

    private async Task RegroupAsync(string[] numbers)
    {
        if (numbers.Select(number => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).ToArray()
            is not [> 0 and var terminal, > 0 and var from, > 0 and var to]) return;
        foreach (var connection in lines.Of(new TerminalId(terminal)))
        {
            await hub.Groups.RemoveFromGroupAsync(connection, GroupOf(new InstitutionId(from)));
            await hub.Groups.AddToGroupAsync(connection, GroupOf(new InstitutionId(to)));
        }
        await hub.Clients.Group(GroupOf(new TerminalId(terminal))).SendAsync(HubNames.SetupChanged);
    }
}
