using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Voucher.Core;
using Voucher.Server.Reporting;

namespace Voucher.Server.Tests.Reporting;

/// <summary>A live page without its browser, with the cookies of a log-in.</summary>
public sealed class LivePage : IAsyncDisposable
{
    private readonly HubSocket _hub;

    private LivePage(HubSocket hub) => _hub = hub;

    /// <param name="address">Of another server of the same county; the log-in happens at <paramref name="server"/>.</param>
    public static async Task<LivePage> OpenAsync(ServerUnderTest server, string login, Uri? address = null)
    {
        var cookies = new CookieContainer();
        using var portal = await server.OpenPortalAsync(login, cookies);
        return new LivePage(await HubSocket.OpenAsync(address ?? server.Address, LiveHub.Path, options => options.Cookies = cookies));
    }

    /// <summary>Publishes an event of its own sentence, which is returned.</summary>
    public static async Task<string> PublishAsync(IServiceProvider services, InstitutionId? institution = null)
    {
        var mark = $"event {Guid.NewGuid()}";
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        await services.GetRequiredService<LiveFeed>().PublishAsync(new LiveEvent(LiveEventKind.BatchProgress, now, new Words("事件", mark), institution));
        return mark;
    }

    /// <summary>Waits until what happens at a server reaches this page: either server may still be on its way to Redis.</summary>
    public async Task ListensToAsync(IServiceProvider services)
    {
        var hearing = _hub.ReadAsync();
        while (!hearing.IsCompleted)
        {
            await PublishAsync(services);
            await Task.WhenAny(hearing, Task.Delay(TimeSpan.FromMilliseconds(200)));
        }
        await hearing;
        await HearUntilAsync(await PublishAsync(services));
    }

    /// <summary>Waits for the event with this sentence and returns all that came up to and with it.</summary>
    public Task<List<LiveMessage>> HearUntilAsync(string sentence) => HearUntilAsync([sentence]);

    /// <summary>Waits for the events with these sentences, in any order, and returns all that came meanwhile.</summary>
    public async Task<List<LiveMessage>> HearUntilAsync(IReadOnlyCollection<string> sentences)
    {
        List<LiveMessage> heard = [];
        while (sentences.Any(sentence => heard.TrueForAll(one => one.WhatEn != sentence)))
            heard.Add((await _hub.ReadAsync()).GetProperty("arguments")[0].Deserialize<LiveMessage>(JsonSerializerOptions.Web)!);
        return heard;
    }

    public ValueTask DisposeAsync()
    {
        _hub.Dispose();
        return ValueTask.CompletedTask;
    }
}
