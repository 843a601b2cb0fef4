using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Voucher.Faults.Network;

/// <summary>A method of the hub answered with an error; the text is the server's.</summary>
public sealed class HubRefusedException : Exception
{
    public HubRefusedException() { }

    public HubRefusedException(string message) : base(message) { }

    public HubRefusedException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>One connection to a hub: SignalR's JSON protocol over a WebSocket, with no reconnecting of its own.</summary>
public sealed class HubLine : IDisposable
{
    private const char End = '\u001e';
    private const int Invocation = 1;
    private const int Completion = 3;
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(5);
    private static readonly byte[] Ping = Encoding.UTF8.GetBytes($$"""{"type":6}{{End}}""");

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _asked = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closed = new();
    private int _count;

    /// <summary>What the server says by itself: the method's first argument.</summary>
    public Action<JsonElement>? Told { get; set; }

    public bool IsOpen => _socket.State == WebSocketState.Open && !_closed.IsCancellationRequested;

    public static async Task<HubLine> OpenAsync(Uri hub, string? accessToken, CookieContainer? cookies, CancellationToken cancel)
    {
        var line = new HubLine();
        try
        {
            if (accessToken is not null) line._socket.Options.SetRequestHeader("Authorization", $"Bearer {accessToken}");
            if (cookies is not null) line._socket.Options.Cookies = cookies;
            await line._socket.ConnectAsync(new UriBuilder(hub) { Scheme = "ws" }.Uri, cancel);
            await line.SendAsync(Encoding.UTF8.GetBytes($$"""{"protocol":"json","version":1}{{End}}"""), cancel);
            _ = line.ReadAsync();
            _ = line.PingAsync();
            return line;
        }
        catch
        {
            line.Dispose();
            throw;
        }
    }

    /// <exception cref="HubRefusedException">The method answered with an error.</exception>
    /// <exception cref="WebSocketException">The line broke.</exception>
    public async Task<T> AskAsync<T>(string method, object argument, CancellationToken cancel)
    {
        var id = Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);
        var answer = _asked[id] = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = JsonSerializer.Serialize(new { type = Invocation, invocationId = id, target = method, arguments = new[] { argument } }, JsonSerializerOptions.Web);
        await SendAsync(Encoding.UTF8.GetBytes(message + End), cancel);
        var completion = await answer.Task.WaitAsync(cancel);
        if (completion.TryGetProperty("error", out var error)) throw new HubRefusedException(error.GetString() ?? "");
        return completion.GetProperty("result").Deserialize<T>(JsonSerializerOptions.Web)!;
    }

    public void Dispose()
    {
        Close();
        _socket.Dispose();
    }

    private void Close()
    {
        _closed.Cancel();
        foreach (var id in _asked.Keys)
            if (_asked.TryRemove(id, out var waiting))
                waiting.TrySetException(new WebSocketException(WebSocketError.ConnectionClosedPrematurely));
    }

    private async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancel)
    {
        await _sending.WaitAsync(cancel);
        try
        {
            await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, cancel);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task PingAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(PingEvery, _closed.Token);
                await SendAsync(Ping, _closed.Token);
            }
        }
        catch (Exception closed) when (closed is OperationCanceledException or WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The reader tells whoever waits.
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[65_536];
        // Whole messages are decoded, never parts: a part may end within a character.
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close) break;
                message.Write(buffer.AsSpan(0, part.Count));
                if (part.Count == 0 || buffer[part.Count - 1] != End) continue;
                foreach (var text in Encoding.UTF8.GetString(message.ToArray()).Split(End, StringSplitOptions.RemoveEmptyEntries)) Hear(text);
                message.SetLength(0);
            }
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or ObjectDisposedException or JsonException or InvalidOperationException)
        {
            // Whoever waits is told below.
        }
        Close();
    }

    private void Hear(string text)
    {
        var message = JsonElement.Parse(text);
        if (!message.TryGetProperty("type", out var type)) return; // The answer to the handshake.
        if (type.GetInt32() == Invocation) Told?.Invoke(message.GetProperty("arguments")[0]);
        if (type.GetInt32() == Completion && _asked.TryRemove(message.GetProperty("invocationId").GetString()!, out var waiting)) waiting.TrySetResult(message);
    }
}
