using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Voucher.Server.Tests.Operating;

/// <summary>A WebSocket to a hub on which a test says whatever it likes, right or wrong.</summary>
public sealed class RawHub : IAsyncDisposable
{
    private const char End = '\u001e';
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly Queue<string> _unread = new();

    /// <param name="client">Whose token opens the hub.</param>
    public static async Task<RawHub> OpenAsync(Uri server, HttpClient client, bool greets = true)
    {
        var hub = new RawHub();
        hub._socket.Options.SetRequestHeader("Authorization", client.DefaultRequestHeaders.Authorization!.ToString());
        await hub._socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = Core.Wire.HubNames.TerminalHubPath }.Uri, default);
        if (!greets) return hub;
        await hub.SayAsync("""{"protocol":"json","version":1}""");
        Assert.Equal("{}", await hub.HearAsync());
        return hub;
    }

    public Task SayAsync(string message) => _socket.SendAsync(Encoding.UTF8.GetBytes(message + End), WebSocketMessageType.Text, true, default);

    /// <summary>The completion of a call; pings and notices are passed over.</summary>
    public async Task<JsonElement> CompletionAsync(string call)
    {
        while (await HearAsync() is { } text)
        {
            var message = JsonDocument.Parse(text).RootElement;
            if (message.GetProperty("type").GetInt32() == 3 && message.GetProperty("invocationId").GetString() == call) return message;
        }
        throw new InvalidOperationException($"The hub closed the connection before it answered call {call}.");
    }

    /// <summary>Hears until the server has closed the connection.</summary>
    public async Task ClosedAsync()
    {
        while (await HearAsync() is not null)
        {
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The next message; <c>null</c> when the connection has ended.</summary>
    private async Task<string?> HearAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var text = new StringBuilder();
        while (_unread.Count == 0)
        {
            try
            {
                var part = await _socket.ReceiveAsync(_buffer, limit.Token);
                if (part.MessageType == WebSocketMessageType.Close) return null;
                text.Append(Encoding.UTF8.GetString(_buffer, 0, part.Count));
            }
            catch (WebSocketException)
            {
                return null;
            }
            if (text.Length == 0 || text[^1] != End) continue;
            foreach (var message in text.ToString().Split(End, StringSplitOptions.RemoveEmptyEntries)) _unread.Enqueue(message);
        }
        return _unread.Dequeue();
    }
}
