using System.Globalization;
using StackExchange.Redis;
using Voucher.Server.Redis;

namespace Voucher.Server.Fraud;

/// <summary>
/// Looks at Redis once a second: is it there, and is it the one that the windows were built in? A marker holds the run id of
/// the Redis that was warmed up, so one that was emptied has no marker, and one that was restarted from an old file or is a
/// promoted replica has another run id. Then one server rebuilds the windows, the others wait, and all judge from PostgreSQL.
/// A server that has just started rebuilds in any case: an earlier one may have ended before it told Redis all its scans.
/// </summary>
public sealed partial class GuardWatch(
    RedisLink redis, GuardState state, UntoldScans untold, WarmUp warmUp, RateShare rates, BaitBook baits, County county, TimeProvider clock, ILogger<GuardWatch> log) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>A server that dies while rebuilding leaves the work to another after this.</summary>
    public static readonly TimeSpan RebuildWithin = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan BeganIsKept = TimeSpan.FromHours(1);

    private readonly string _server = Guid.NewGuid().ToString("N");

    /// <summary>Tests look beside the watch itself.</summary>
    private readonly SemaphoreSlim _oneLook = new(1);

    /// <summary>The run of Redis in which all scans of this server are counted; no other run is relied on.</summary>
    private string? _wholeIn;

    /// <summary>When Redis was last seen with its windows whole.</summary>
    private DateTimeOffset? _lastWarm;

    private sealed record Seen(string RunId, string? Marker);

    private string MarkerKey => string.Create(CultureInfo.InvariantCulture, $"guard:{{{county.Region}:marker}}");

    private string RebuilderKey => MarkerKey + ":rebuilder";

    private string BeganKey => MarkerKey + ":began";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync();
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                // PostgreSQL away or lost in the middle of a row, or no county yet: each scan says so itself; the guard looks again.
                // Whatever it is, it must not end the server, which is what a fault does that leaves a background service.
                if (state.Become(GuardWarmth.Cold)) LogFault(fault);
            }
            await Task.Delay(Every, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One look; rebuilds where it is needed and nobody is at it.</summary>
    public async Task LookAsync()
    {
        await _oneLook.WaitAsync();
        try
        {
            await baits.ReadAsync();
            await LookAsync(clock.GetUtcNow());
        }
        finally
        {
            _oneLook.Release();
        }
    }

    private async Task LookAsync(DateTimeOffset at)
    {
        if (await SeeAsync() is not { } seen)
        {
            if (state.Become(GuardWarmth.Away)) LogAway();
            return;
        }
        if (seen.RunId == _wholeIn && seen.RunId == seen.Marker && !untold.SomeAreLost)
        {
            await RestAsync(at);
            return;
        }
        if (state.Warmth == GuardWarmth.Warm) LogNotWhole();
        state.Become(GuardWarmth.Cold);
        _wholeIn = null;
        untold.ForgetLost();
        if (await IsItsTurnAsync()) await RebuildAsync(seen.RunId, at);
        else state.Become(GuardWarmth.Warming);
    }

    /// <summary>Asks whose turn it is, not whether it was given just now: the answer to an earlier try may have come too late.</summary>
    private Task<bool> IsItsTurnAsync() => redis.TryAsync(async database =>
    {
        var given = database.StringSetAsync(RebuilderKey, _server, RebuildWithin, When.NotExists);
        var whose = database.StringGetAsync(RebuilderKey);
        await given;
        return await whose == _server;
    });

    private async Task RestAsync(DateTimeOffset at)
    {
        if (!await rates.ShareAsync() || !await warmUp.TellUntoldAsync()) return;
        _lastWarm = at;
        if (state.Become(GuardWarmth.Warm)) LogWarm();
    }

    private async Task RebuildAsync(string runId, DateTimeOffset at)
    {
        state.Become(GuardWarmth.Warming);
        try
        {
            var began = Guid.NewGuid().ToString("N");
            if (!await redis.TryAsync(database => database.StringSetAsync(BeganKey, began, BeganIsKept))) return;
            if (await warmUp.RunAsync() is not { } scans) return;
            // Another Redis may stand there by now: then its windows are not these.
            if ((await SeeAsync())?.RunId != runId || !await MarkAsync(runId, began)) return;
            if (_lastWarm is { } since) await warmUp.LookAfterwardsAsync(since - Every);
            _wholeIn = runId;
            state.Rebuilt(scans);
            LogRebuilt(scans);
            await RestAsync(at);
        }
        finally
        {
            await redis.TryAsync(database => database.KeyDeleteAsync(RebuilderKey));
        }
    }

    private Task<bool> MarkAsync(string runId, string began) => redis.TryAsync(async database =>
        (bool)await GuardWindows.RunAsync(database, GuardScripts.Whole, [MarkerKey, BeganKey], [began, runId]));

    private Task<Seen?> SeeAsync() => redis.TryAsync<Seen?>(async database =>
    {
        var info = database.ExecuteAsync("INFO", "server");
        var marker = database.StringGetAsync(MarkerKey);
        return new Seen(RunIdIn((string?)await info ?? ""), await marker);
    });

    private static string RunIdIn(string info) =>
        info.Split('\n').FirstOrDefault(line => line.StartsWith("run_id:", StringComparison.Ordinal))?["run_id:".Length..].Trim() ?? "unknown";

    [LoggerMessage(3101, LogLevel.Information, "The guard's windows were rebuilt from {Scans} scans")]
    private partial void LogRebuilt(int scans);

    [LoggerMessage(3102, LogLevel.Information, "The guard is warm")]
    private partial void LogWarm();

    [LoggerMessage(3103, LogLevel.Warning, "The guard's windows in Redis are not whole; suspicion is judged from PostgreSQL until they are rebuilt")]
    private partial void LogNotWhole();

    [LoggerMessage(3104, LogLevel.Warning, "Redis is away; suspicion is judged from PostgreSQL")]
    private partial void LogAway();

    [LoggerMessage(3105, LogLevel.Warning, "The guard could not look")]
    private partial void LogFault(Exception fault);
}
