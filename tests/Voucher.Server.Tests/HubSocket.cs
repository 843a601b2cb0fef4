using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Voucher.Server.Tests;

/// <summary>SignalR's JSON protocol over a bare WebSocket, as every hub of the server speaks it.</summary>
public sealed class HubSocket : IDisposable
{
    private const char End = '\u001e';
    private const string TakenIn = "TakenIn";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(5);

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _oneSends = new(1);
    private readonly PeriodicTimer _ping = new(PingEvery);
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly Queue<string> _unread = new();

    /// <summary>What the hub said by itself while it took this line in.</summary>
    public List<JsonElement> Welcome { get; } = [];

    /// <summary>
    /// A line on which everything is heard from now on: the hub greets before it puts a newcomer into its groups and answers
    /// calls only after it, so a call of a method that no hub has is waited for.
    /// </summary>
    /// <param name="prepare">Gives the socket its cookies or token.</param>
    public static async Task<HubSocket> OpenAsync(Uri server, string path, Action<ClientWebSocketOptions> prepare)
    {
        var hub = new HubSocket();
        prepare(hub._socket.Options);
        using var limit = new CancellationTokenSource(Patience);
        await hub._socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = path }.Uri, limit.Token);
        await hub.SendAsync("""{"protocol":"json","version":1}""");
        using var greeting = JsonDocument.Parse(await hub.ReadTextAsync(limit.Token));
        Assert.False(greeting.RootElement.TryGetProperty("error", out var error), error.ToString());
        await hub.SendAsync($$"""{"type":1,"invocationId":"{{TakenIn}}","target":"{{TakenIn}}","arguments":[]}""");
        while (await hub.ReadAsync() is var message && !IsTakenIn(message)) hub.Welcome.Add(message);
        _ = hub.PingAsync();
        return hub;
    }

    /// <summary>As every client does: the server hangs up on one from which it hears nothing.</summary>
    private async Task PingAsync()
    {
        try
        {
            while (await _ping.WaitForNextTickAsync()) await SendAsync("""{"type":6}""");
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Whoever reads from it is told.
        }
    }

    private static bool IsTakenIn(JsonElement message) =>
        message.TryGetProperty("invocationId", out var invocation) && invocation.GetString() == TakenIn;

    public async Task SendAsync(string message)
    {
        using var limit = new CancellationTokenSource(Patience);
        await _oneSends.WaitAsync(limit.Token);
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(message + End), WebSocketMessageType.Text, true, limit.Token);
        }
        finally
        {
            _oneSends.Release();
        }
    }

    /// <summary>The next message that is not a ping.</summary>
    /// <exception cref="WebSocketException">The server is gone.</exception>
    public async Task<JsonElement> ReadAsync()
    {
        const int ping = 6, close = 7;
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            using var message = JsonDocument.Parse(await ReadTextAsync(limit.Token));
            switch (message.RootElement.GetProperty("type").GetInt32())
            {
                case ping: continue;
                case close: throw new WebSocketException("The hub says good-bye.");
                default: return message.RootElement.Clone();
            }
        }
    }

    private async Task<string> ReadTextAsync(CancellationToken limit)
    {
        var text = new StringBuilder();
        while (_unread.Count == 0)
        {
            var part = await _socket.ReceiveAsync(_buffer, limit);
            if (part.MessageType == WebSocketMessageType.Close) throw new WebSocketException("The server has closed the connection.");
            text.Append(Encoding.UTF8.GetString(_buffer, 0, part.Count));
            if (text.Length == 0 || text[^1] != End) continue;
            foreach (var message in text.ToString().Split(End, StringSplitOptions.RemoveEmptyEntries)) _unread.Enqueue(message);
        }
        return _unread.Dequeue();
    }

    public void Dispose()
    {
        _ping.Dispose();
        _socket.Dispose();
    }
}
