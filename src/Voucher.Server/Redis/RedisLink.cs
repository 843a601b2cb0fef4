using System.Diagnostics;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace Voucher.Server.Redis;

/// <summary>
/// The one way to Redis. Redis holds only what may be lost: every call has a time limit, and after a run of failures Redis
/// is left alone for a moment; callers then get <c>default</c> and go on with PostgreSQL alone.
/// </summary>
/// <remarks>
/// StackExchange.Redis 1.2.6 calls never time out when Redis hangs, hence the limit of our own; and a connection that a
/// firewall forgot, or whose Redis moved behind its address, stays with it until the system gives up after a quarter of an
/// hour, hence a new one after a silence.
/// </remarks>
public sealed partial class RedisLink : IDisposable
{
    public static readonly TimeSpan CallLimit = TimeSpan.FromMilliseconds(50);

    /// <summary>After so long without an answer a new connection is tried, and again after as long.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LeaveAlone = TimeSpan.FromSeconds(2);

    private readonly ConfigurationOptions? _options;
    private readonly Lock _renewal = new();
    private readonly List<(string Channel, Action<byte[]> Received)> _subscriptions = [];
    private volatile ConnectionMultiplexer? _connection;
    private long _lastAnswer = Stopwatch.GetTimestamp();
    private bool _isRenewing, _isDisposed;
    private readonly ResiliencePipeline<object?> _breaker; // Typed: an untyped one wraps every call in three more state machines.
    private readonly ILogger<RedisLink> _log;
    private readonly int _database;
    private readonly CircuitBreakerStateProvider _state = new();

    public RedisLink(ServerSettings settings, ILogger<RedisLink> log)
    {
        _log = log;
        _breaker = new ResiliencePipelineBuilder<object?>()
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<object?>
            {
                FailureRatio = 0.5,
                MinimumThroughput = 5,
                SamplingDuration = TimeSpan.FromSeconds(5),
                BreakDuration = LeaveAlone,
                StateProvider = _state,
                OnOpened = opened => { LogOpened(opened.Outcome.Exception?.Message ?? ""); return default; },
                OnClosed = _ => { LogClosed(); return default; },
            })
            .Build();
        if (settings.Redis.Length == 0) return;
        _options = ConfigurationOptions.Parse(settings.Redis);
        _options.AbortOnConnectFail = false;
        _options.ConnectTimeout = 1000;
        _options.ConnectRetry = 1;
        _database = _options.DefaultDatabase ?? 0;
        _connection = ConnectionMultiplexer.Connect(_options);
    }

    public bool IsConfigured => _options is not null;

    public bool IsUp => _connection is { IsConnected: true };

    /// <summary>Whether Redis is left alone just now, after a run of failures.</summary>
    public bool IsBreakerOpen => _state.CircuitState is CircuitState.Open or CircuitState.Isolated;

    /// <summary>Runs one command; <c>default</c> when Redis does not answer in time.</summary>
    public async Task<T?> TryAsync<T>(Func<IDatabase, Task<T>> command)
    {
        if (_connection is not { IsConnected: true } connection)
        {
            RenewAfterSilence();
            return default;
        }
        using var span = Operating.Traces.Source.StartActivity("redis", ActivityKind.Client);
        try
        {
            var answer = (T?)await _breaker.ExecuteAsync(
                static async (asked, _) => (object?)await asked.Command(asked.Database).WaitAsync(CallLimit),
                (Command: command, Database: connection.GetDatabase()));
            Volatile.Write(ref _lastAnswer, Stopwatch.GetTimestamp());
            return answer;
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException or BrokenCircuitException or ObjectDisposedException)
        {
            span?.SetStatus(ActivityStatusCode.Error);
            RenewAfterSilence();
            return default;
        }
    }

    /// <summary>
    /// Publishes to every server of the county without waiting for an answer, so that a slow Redis loses no message and a
    /// hung one holds up nobody; lost when there is no connection.
    /// </summary>
    public void Publish(string channel, byte[] message)
    {
        if (_connection is not { IsConnected: true } connection) return;
        try
        {
            connection.GetSubscriber().Publish(ChannelOf(channel), message, StackExchange.Redis.CommandFlags.FireAndForget);
        }
        catch (Exception fault) when (fault is RedisException or ObjectDisposedException)
        {
            // It went away this moment.
        }
    }

    /// <summary>Calls back for each message; survives Redis going away and coming back.</summary>
    public async Task SubscribeAsync(string channel, Action<byte[]> received)
    {
        while (_connection is { } connection)
        {
            await SubscribeAsync(connection, channel, received);
            lock (_renewal)
            {
                if (connection != _connection) continue;
                _subscriptions.Add((channel, received));
                return;
            }
        }
    }

    private Task SubscribeAsync(ConnectionMultiplexer connection, string channel, Action<byte[]> received) =>
        connection.GetSubscriber().SubscribeAsync(ChannelOf(channel), (_, message) => received(message!));

    /// <summary>Channels do not belong to a logical database in Redis; ours do, so that counties on one Redis do not hear each other.</summary>
    private string ChannelOf(string name) => $"{_database}:{name}";

    private bool IsSilent => Stopwatch.GetElapsedTime(Volatile.Read(ref _lastAnswer)) >= LongestSilence;

    private void RenewAfterSilence()
    {
        if (_options is null || !IsSilent) return;
        lock (_renewal)
        {
            if (_isRenewing || _isDisposed) return;
            _isRenewing = true;
        }
        // The connection outlives the scan that noticed the silence, and is no part of its trace.
        using (ExecutionContext.SuppressFlow()) _ = Task.Run(RenewAsync);
    }

    /// <summary>Connects beside the silent connection, and puts the new one in its place if that one speaks.</summary>
    private async Task RenewAsync()
    {
        ConnectionMultiplexer? renewed = null, superfluous = null;
        try
        {
            superfluous = renewed = await ConnectionMultiplexer.ConnectAsync(_options);
            if (!renewed.IsConnected) return;
            superfluous = await PutInPlaceAsync(renewed);
            if (superfluous != renewed) LogRenewed();
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException or ObjectDisposedException)
        {
            // Redis is away: the next caller after another silence tries again.
        }
        finally
        {
            Volatile.Write(ref _lastAnswer, Stopwatch.GetTimestamp());
            lock (_renewal) _isRenewing = false;
            superfluous?.Close(allowCommandsToComplete: false); // Answers will not come.
            superfluous?.Dispose();
        }
    }

    /// <summary>The connection that is not needed: the one that was replaced, or the new one when the old one has spoken meanwhile.</summary>
    private async Task<ConnectionMultiplexer?> PutInPlaceAsync(ConnectionMultiplexer renewed)
    {
        for (var listening = 0; ; listening++)
        {
            (string Channel, Action<byte[]> Received) next;
            lock (_renewal)
            {
                if (_isDisposed || !IsSilent) return renewed;
                if (listening == _subscriptions.Count)
                {
                    var silent = _connection;
                    _connection = renewed;
                    return silent;
                }
                next = _subscriptions[listening];
            }
            await SubscribeAsync(renewed, next.Channel, next.Received).WaitAsync(LongestSilence);
        }
    }

    public void Dispose()
    {
        lock (_renewal) _isDisposed = true;
        _connection?.Dispose();
    }

    [LoggerMessage(3001, LogLevel.Warning, "Redis does not answer; working with PostgreSQL alone: {Fault}")]
    private partial void LogOpened(string fault);

    [LoggerMessage(3005, LogLevel.Information, "A new connection to Redis is in the place of one that had fallen silent")]
    private partial void LogRenewed();

    [LoggerMessage(3002, LogLevel.Information, "Redis answers again")]
    private partial void LogClosed();
}
