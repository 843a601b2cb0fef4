using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace Voucher.Server.Redis;

/// <summary>
/// The one way to Redis. Redis holds only what may be lost: every call has a time limit, and after a run of failures Redis
/// is left alone for a moment; callers then get <c>default</c> and go on with PostgreSQL alone.
/// </summary>
/// <remarks>StackExchange.Redis 1.2.6 calls never time out when Redis hangs, hence the limit of our own.</remarks>
public sealed partial class RedisLink : IDisposable
{
    public static readonly TimeSpan CallLimit = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LeaveAlone = TimeSpan.FromSeconds(2);

    private readonly ConnectionMultiplexer? _connection;
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
                OnOpened = _ => { LogOpened(); return default; },
                OnClosed = _ => { LogClosed(); return default; },
            })
            .Build();
        if (settings.Redis.Length == 0) return;
        var options = ConfigurationOptions.Parse(settings.Redis);
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 1000;
        options.ConnectRetry = 1;
        _database = options.DefaultDatabase ?? 0;
        _connection = ConnectionMultiplexer.Connect(options);
    }

    public bool IsConfigured => _connection is not null;

    public bool IsUp => _connection is { IsConnected: true };

    /// <summary>Whether Redis is left alone just now, after a run of failures.</summary>
    public bool IsBreakerOpen => _state.CircuitState is CircuitState.Open or CircuitState.Isolated;

    /// <summary>Runs one command; <c>default</c> when Redis does not answer in time.</summary>
    public async Task<T?> TryAsync<T>(Func<IDatabase, Task<T>> command)
    {
        if (_connection is not { IsConnected: true }) return default;
        using var span = Operating.Traces.Source.StartActivity("redis", System.Diagnostics.ActivityKind.Client);
        try
        {
            return (T?)await _breaker.ExecuteAsync(
                static async (asked, _) => (object?)await asked.Command(asked.Database).WaitAsync(CallLimit),
                (Command: command, Database: _connection.GetDatabase()));
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException or BrokenCircuitException or ObjectDisposedException)
        {
            span?.SetStatus(System.Diagnostics.ActivityStatusCode.Error);
            return default;
        }
    }

    /// <summary>
    /// Publishes to every server of the county without waiting for an answer, so that a slow Redis loses no message and a
    /// hung one holds up nobody; lost when there is no connection.
    /// </summary>
    public void Publish(string channel, byte[] message)
    {
        if (_connection is not { IsConnected: true }) return;
        try
        {
            _connection.GetSubscriber().Publish(ChannelOf(channel), message, StackExchange.Redis.CommandFlags.FireAndForget);
        }
        catch (Exception fault) when (fault is RedisException or ObjectDisposedException)
        {
            // It went away this moment.
        }
    }

    /// <summary>Calls back for each message; survives Redis going away and coming back.</summary>
    public async Task SubscribeAsync(string channel, Action<byte[]> received)
    {
        if (_connection is null) return;
        await _connection.GetSubscriber().SubscribeAsync(ChannelOf(channel), (_, message) => received(message!));
    }

    /// <summary>Channels do not belong to a logical database in Redis; ours do, so that counties on one Redis do not hear each other.</summary>
    private string ChannelOf(string name) => $"{_database}:{name}";

    public void Dispose() => _connection?.Dispose();

    [LoggerMessage(3001, LogLevel.Warning, "Redis does not answer; working with PostgreSQL alone")]
    private partial void LogOpened();

    [LoggerMessage(3002, LogLevel.Information, "Redis answers again")]
    private partial void LogClosed();
}
