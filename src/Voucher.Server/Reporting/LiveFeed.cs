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
/// Each event is delivered once (see <see cref="ServerChannel"/>). Whoever publishes never waits and never
/// fails: the queue is bounded and drops the oldest.
/// </remarks>
public sealed partial class LiveFeed : BackgroundService
{
    /// <summary>Events that may wait; beyond it the oldest are dropped, since a live page wants the newest.</summary>
    public const int QueueLength = 1_000;

    /// <summary>Events that go to the other servers in one message when many come at once.</summary>
    public const int MostTogether = 64;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Channel<LiveEvent> _queue;
    private readonly ServerChannel _others;
    private readonly IHubContext<LiveHub> _pages;
    private readonly ILogger<LiveFeed> _log;
    private long _dropped;

    public LiveFeed(RedisLink redis, County county, IHubContext<LiveHub> pages, ILogger<LiveFeed> log)
    {
        (_others, _pages, _log) = (new ServerChannel(redis, county, "live", log), pages, log);
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
        // Not awaited here: a Redis that hangs must not keep this server's pages waiting.
        var listening = _others.ListenAsync(ShowAllAsync, stoppingToken);
        List<LiveEvent> together = [];
        while (await _queue.Reader.WaitToReadAsync(stoppingToken))
        {
            while (together.Count < MostTogether && _queue.Reader.TryRead(out var happened)) together.Add(happened);
            await CarryAsync(together);
            together.Clear();
        }
        await listening;
    }

    private async Task CarryAsync(List<LiveEvent> together)
    {
        try
        {
            foreach (var happened in together) await ShowAsync(happened);
            _others.Tell(JsonSerializer.SerializeToUtf8Bytes(together, Json));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            LogLost(fault); // What cannot be shown must not stop the next.
        }
    }

    private async Task ShowAllAsync(byte[] message)
    {
        foreach (var happened in JsonSerializer.Deserialize<List<LiveEvent>>(message, Json)!) await ShowAsync(happened);
    }

    private Task ShowAsync(LiveEvent happened) =>
        _pages.Clients.Groups(LiveHub.AudienceOf(happened)).SendAsync(LiveHub.Happened, LiveMessage.Of(happened));

    [LoggerMessage(9001, LogLevel.Warning, "Live events were lost")]
    private partial void LogLost(Exception fault);
}
