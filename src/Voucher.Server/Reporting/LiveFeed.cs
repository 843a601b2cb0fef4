using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Voucher.Server.Redis;

namespace Voucher.Server.Reporting;

/// <summary>
/// Carries events to the live pages of every server of the county: to this server's pages directly, to the others' through
/// one Redis channel. Without Redis only the pages of the server where it happened hear of it at once.
/// </summary>
/// <remarks>
/// Each event is delivered once: what comes back from Redis with this server's own mark has been shown already. Whoever
/// publishes never waits and never fails: the queue is bounded and drops the oldest.
/// </remarks>
public sealed partial class LiveFeed : BackgroundService
{
    /// <summary>Events that may wait; beyond it the oldest are dropped, since a live page wants the newest.</summary>
    public const int QueueLength = 1_000;

    private static readonly TimeSpan ListenAgain = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Guid _server = Guid.NewGuid();
    private readonly Channel<LiveEvent> _queue;
    private readonly RedisLink _redis;
    private readonly string _channel;
    private readonly IHubContext<LiveHub> _pages;
    private readonly ILogger<LiveFeed> _log;
    private long _dropped;

    private sealed record Envelope(Guid Server, LiveEvent Event);

    public LiveFeed(RedisLink redis, County county, IHubContext<LiveHub> pages, ILogger<LiveFeed> log)
    {
        (_redis, _pages, _log) = (redis, pages, log);
        _channel = $"voucher:live:{county.Region}"; // Several counties may share one Redis.
        _queue = Channel.CreateBounded<LiveEvent>(
            new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest },
            _ => Interlocked.Increment(ref _dropped));
    }

    /// <summary>How many events were dropped since the start because pages or Redis were too slow.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Call it after the commit. Completes at once and never fails.</summary>
    public Task PublishAsync(LiveEvent happened)
    {
        _queue.Writer.TryWrite(happened);
        return Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var listening = ListenAsync(stoppingToken); // Not awaited here: a Redis that hangs must not keep this server's pages waiting.
        await foreach (var happened in _queue.Reader.ReadAllAsync(stoppingToken))
            await CarryAsync(happened);
        await listening;
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await _redis.SubscribeAsync(_channel, message => _ = HearAsync(message));
                return;
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                LogDeaf(fault); // Redis away at the start: this server's own events still reach its own pages.
                await Task.Delay(ListenAgain, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task CarryAsync(LiveEvent happened)
    {
        try
        {
            await ShowAsync(happened);
            if (_redis.IsConfigured) await _redis.TryPublishAsync(_channel, JsonSerializer.SerializeToUtf8Bytes(new Envelope(_server, happened), Json));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            LogLost(fault); // One event that cannot be shown must not stop the next.
        }
    }

    private async Task HearAsync(byte[] message)
    {
        try
        {
            var envelope = JsonSerializer.Deserialize<Envelope>(message, Json)!;
            if (envelope.Server != _server) await ShowAsync(envelope.Event);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            LogLost(fault); // Such as a server of another version, which speaks differently.
        }
    }

    private Task ShowAsync(LiveEvent happened) =>
        _pages.Clients.Groups(LiveHub.AudienceOf(happened)).SendAsync(LiveHub.Happened, LiveMessage.Of(happened));

    [LoggerMessage(9002, LogLevel.Warning, "Cannot listen to the live events of other servers yet")]
    private partial void LogDeaf(Exception fault);

    [LoggerMessage(9001, LogLevel.Warning, "A live event was lost")]
    private partial void LogLost(Exception fault);
}
