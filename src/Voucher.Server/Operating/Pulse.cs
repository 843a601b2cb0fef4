using System.Reflection;
using Voucher.Server.Fraud;
using Voucher.Server.Operating.Health;
using Voucher.Server.Redis;

namespace Voucher.Server.Operating;

/// <summary>
/// Every few seconds: samples the meters, looks for slow and blocked statements, and tells the other servers, through
/// PostgreSQL, how this one stands. A beat that fails is said once until one succeeds.
/// </summary>
public sealed partial class Pulse : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>A stopping server takes no longer to say good-bye.</summary>
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    private static readonly string Version =
        typeof(Pulse).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private readonly (Meters Meters, MetricBook Book, HealthCheck Health, InstanceStore Instances, DatabaseStore Database, RedisLink Redis, GuardState Guard) _parts;
    private readonly TimeProvider _clock;
    private readonly ILogger<Pulse> _log;
    private readonly ScanWindow _window;
    private readonly DateTimeOffset _startedAt;
    private HashSet<(int, string)> _slow = [];
    private bool _failed;

    public Pulse(
        Meters meters, MetricBook book, HealthCheck health, InstanceStore instances, DatabaseStore database, RedisLink redis,
        GuardState guard, TimeProvider clock, ILogger<Pulse> log)
    {
        _parts = (meters, book, health, instances, database, redis, guard);
        (_clock, _log, _window, _startedAt) = (clock, log, new ScanWindow(clock), clock.GetUtcNow());
        meters.ObserveRedis(() => redis.IsUp, () => redis.IsBreakerOpen);
        meters.ObserveGuard(() => (int)guard.Warmth);
    }

    /// <summary>Of this run of the server.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    public static string Name => $"{Environment.MachineName}/{Environment.ProcessId}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, _clock);
        do
        {
            await BeatAsync(stoppingToken);
        }
        while (await WaitAsync(timer, stoppingToken));
        await LeaveAsync();
    }

    /// <summary>Samples and says; also for whoever must not wait for the next beat.</summary>
    public async Task BeatAsync(CancellationToken cancel)
    {
        try
        {
            _window.Add(Sample());
            var report = await _parts.Health.LookAsync();
            if (report.Database) await LookForSlowAsync(cancel);
            if (report.Database) await _parts.Instances.SayAsync(Id, Name, _startedAt, Standing(report), cancel);
            _failed = false;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            if (!_failed && !cancel.IsCancellationRequested) LogFailed(fault);
            _failed = true;
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task LeaveAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(Goodbye);
            await _parts.Instances.LeaveAsync(Id, patience.Token);
        }
        catch (Exception fault) when (fault is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            // The others see it fall silent instead.
        }
    }

    private ScanSample Sample()
    {
        _parts.Book.Read();
        var scans = _parts.Book.Find("voucher.scan.duration");
        var batches = _parts.Book.Find("voucher.scan.batch.size")?.All.Select(pair => pair.Value).FirstOrDefault();
        var latencies = new long[Meters.SecondsBounds.Count + 1];
        Dictionary<string, long> outcomes = [];
        foreach (var (tags, series) in scans?.All ?? [])
        {
            var buckets = series.Buckets();
            for (var i = 0; i < latencies.Length; i++) latencies[i] += buckets[i];
            outcomes[tags[0].Value as string ?? ""] = buckets.Sum();
        }
        return new ScanSample(_clock.GetTimestamp(), latencies, outcomes, batches?.Buckets().Sum() ?? 0, batches?.Value ?? 0, _parts.Meters.QueueDepth);
    }

    /// <summary>Counts each slow statement once, however long it goes on.</summary>
    private async Task LookForSlowAsync(CancellationToken cancel)
    {
        var sessions = await _parts.Database.SessionsAsync(cancel);
        var slow = sessions.Where(session => session.Seconds > DatabaseStore.Slow.TotalSeconds && session.State == "active")
            .Select(session => (session.Pid, session.Statement)).ToHashSet();
        _parts.Meters.SlowStatements(slow.Count(one => !_slow.Contains(one)));
        _parts.Meters.Blocked(sessions.Count(session => session.BlockedBy.Length > 0));
        _slow = slow;
    }

    private ServerStanding Standing(HealthReport report)
    {
        var (free, total) = _parts.Health.Disk();
        return new ServerStanding(
            Version, report.Status, [.. report.Reasons.Select(reason => reason.ToString())], _window.Figures(),
            _parts.Meters.QueueDepth, _parts.Meters.QueueCapacity,
            _parts.Redis.IsConfigured, _parts.Redis.IsUp, _parts.Redis.IsBreakerOpen, _parts.Guard.Snapshot(), Totals("voucher.guard.answers"),
            Totals("voucher.hub.connections"), Totals("voucher.bad_inputs"), free, total);
    }

    private Dictionary<string, long> Totals(string name) =>
        (_parts.Book.Find(name)?.All ?? []).Where(pair => pair.Key.Length > 0).ToDictionary(pair => pair.Key[0].Value as string ?? "", pair => (long)pair.Value.Value);

    [LoggerMessage(9102, LogLevel.Warning, "The server could not tell the others how it stands; it goes on trying")]
    private partial void LogFailed(Exception fault);
}
