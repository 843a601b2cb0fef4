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

    private readonly string _server = Guid.NewGuid().ToString("N");

    /// <summary>Whether the windows would be whole, if Redis is the one that it was.</summary>
    private bool _isWhole;

    /// <summary>When Redis was last seen with its windows whole.</summary>
    private DateTimeOffset? _lastWarm;

    private sealed record Seen(string RunId, string? Marker);

    private string MarkerKey => string.Create(CultureInfo.InvariantCulture, $"guard:{{{county.Region}:marker}}");

    private string RebuilderKey => MarkerKey + ":rebuilder";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync();
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                // PostgreSQL away, or no county yet: each scan says so itself; the guard looks again.
                if (state.Become(GuardWarmth.Cold)) LogFault(fault);
            }
            await Task.Delay(Every, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One look; rebuilds where it is needed and nobody is at it.</summary>
    public async Task LookAsync()
    {
        await baits.ReadAsync();
        var at = clock.GetUtcNow();
        if (await SeeAsync() is not { } seen)
        {
            if (state.Become(GuardWarmth.Away)) LogAway();
            return;
        }
        if (untold.TakeLost()) _isWhole = false;
        if (_isWhole && seen.Marker == seen.RunId)
        {
            await RestAsync(at);
            return;
        }
        if (state.Warmth == GuardWarmth.Warm) LogLost();
        state.Become(GuardWarmth.Cold);
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

    /// <summary>Nothing is lost. After a gap, what was answered meanwhile is judged again: another server may not have known of it.</summary>
    private async Task RestAsync(DateTimeOffset at)
    {
        if (!await rates.ShareAsync() || !await warmUp.TellUntoldAsync()) return;
        if (state.Warmth != GuardWarmth.Warm && _lastWarm is { } since) await warmUp.LookAfterwardsAsync(since - Every);
        _lastWarm = at;
        if (state.Become(GuardWarmth.Warm)) LogWarm();
    }

    private async Task RebuildAsync(string runId, DateTimeOffset at)
    {
        state.Become(GuardWarmth.Warming);
        try
        {
            if (await warmUp.RunAsync() is not { } scans) return;
            // Another Redis may stand there by now: then its windows are not these.
            if ((await SeeAsync())?.RunId != runId || !await redis.TryAsync(database => database.StringSetAsync(MarkerKey, runId))) return;
            _isWhole = true;
            state.Rebuilt(scans);
            LogRebuilt(scans);
            await RestAsync(at);
        }
        finally
        {
            await redis.TryAsync(database => database.KeyDeleteAsync(RebuilderKey));
        }
    }

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

    [LoggerMessage(3103, LogLevel.Warning, "Redis lost the guard's windows; suspicion is judged from PostgreSQL until they are rebuilt")]
    private partial void LogLost();

    [LoggerMessage(3104, LogLevel.Warning, "Redis is away; suspicion is judged from PostgreSQL")]
    private partial void LogAway();

    [LoggerMessage(3105, LogLevel.Warning, "The guard could not look")]
    private partial void LogFault(Exception fault);
}
