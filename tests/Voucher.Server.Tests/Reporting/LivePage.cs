using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Voucher.Server.Reporting;

namespace Voucher.Server.Tests.Reporting;

/// <summary>A live page without its browser: speaks SignalR's JSON protocol over a WebSocket with the cookies of a log-in.</summary>
public sealed class LivePage : IAsyncDisposable
{
    private const char End = '\u001e';
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly Queue<string> _unread = new();

    /// <param name="address">Of another server of the same county; the log-in happens at <paramref name="server"/>.</param>
    public static async Task<LivePage> OpenAsync(ServerUnderTest server, string login, Uri? address = null)
    {
        var cookies = new CookieContainer();
        using var portal = await server.OpenPortalAsync(login, cookies);
        var page = new LivePage();
        page._socket.Options.Cookies = cookies;
        await page._socket.ConnectAsync(new UriBuilder(address ?? server.Address) { Scheme = "ws", Path = LiveHub.Path }.Uri, default);
        await page._socket.SendAsync(Encoding.UTF8.GetBytes($$"""{"protocol":"json","version":1}{{End}}"""), WebSocketMessageType.Text, true, default);
        using var limit = new CancellationTokenSource(Patience);
        Assert.Equal("{}", await page.ReadAsync(limit.Token));
        return page;
    }

    /// <summary>Waits for the event with this sentence and returns all that came up to and with it.</summary>
    public async Task<List<LiveMessage>> HearUntilAsync(string sentence)
    {
        using var limit = new CancellationTokenSource(Patience);
        List<LiveMessage> heard = [];
        while (heard.Count == 0 || heard[^1].WhatEn != sentence)
        {
            using var message = JsonDocument.Parse(await ReadAsync(limit.Token));
            if (message.RootElement.GetProperty("type").GetInt32() != 1) continue; // Pings.
            heard.Add(message.RootElement.GetProperty("arguments")[0].Deserialize<LiveMessage>(JsonSerializerOptions.Web)!);
        }
        return heard;
    }

    private async Task<string> ReadAsync(CancellationToken limit)
    {
        var text = new StringBuilder();
        while (_unread.Count == 0)
        {
            var part = await _socket.ReceiveAsync(_buffer, limit);
            text.Append(Encoding.UTF8.GetString(_buffer, 0, part.Count));
            if (text.Length == 0 || text[^1] != End) continue;
            foreach (var message in text.ToString().Split(End, StringSplitOptions.RemoveEmptyEntries)) _unread.Enqueue(message);
        }
        return _unread.Dequeue();
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
