using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Voucher.Server.Redis;

namespace Voucher.Server.Reporting;

/// <summary>
/// The live pages that are open at this server. A page asks nothing, so no request would notice that its session is over: whoever
/// changes rights says so here, and every page whose log-in is closed, or has other roles or another password, is hung up on, at every
/// server of the county. Once a minute all are asked, for what Redis lost and what was changed from the command line.
/// </summary>
public sealed partial class LiveConnections : BackgroundService
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, HubCallerContext> _open = new();
    private readonly AccountStore _accounts;
    private readonly ServerChannel _others;
    private readonly TimeProvider _clock;
    private readonly ILogger<LiveConnections> _log;

    public LiveConnections(AccountStore accounts, RedisLink redis, County county, TimeProvider clock, ILogger<LiveConnections> log) =>
        (_accounts, _others, _clock, _log) = (accounts, new ServerChannel(redis, county, "rights", log), clock, log);

    public void Add(HubCallerContext connection) => _open[connection.ConnectionId] = connection;

    public void Remove(string connection) => _open.TryRemove(connection, out _);

    /// <summary>Somebody's rights have changed. Call it after the commit; never fails.</summary>
    public async Task RightsChangedAsync()
    {
        _others.Tell([]);
        await AskAllAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var listening = _others.ListenAsync(_ => AskAllAsync(), stoppingToken);
        using PeriodicTimer timer = new(AskEvery, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await AskAllAsync();
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
        await listening;
    }

    private async Task AskAllAsync()
    {
        foreach (var connection in _open.Values)
        {
            try
            {
                if (await _accounts.RowsOfPersonAsync(Actor.Of(connection.User!)) is null) connection.Abort();
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                LogUnasked(fault); // Asked again within the minute; what is not known to be over goes on.
            }
        }
    }

    [LoggerMessage(9003, LogLevel.Warning, "Whether a live page's session goes on could not be asked")]
    private partial void LogUnasked(Exception fault);
}
