using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Voucher.Testing;

/// <summary>How a run of <see cref="BadInputLoad"/> went.</summary>
/// <param name="Silent">Connections that were opened and said nothing.</param>
/// <param name="Sent">Bad requests and messages that were sent.</param>
/// <param name="Answered">Of them, those that were answered, by status; 0: the connection was closed without one.</param>
public sealed record BadInputRun(int Silent, int Sent, IReadOnlyDictionary<int, int> Answered);

/// <summary>
/// What a server must bear: connections that say nothing, and a mixture of oversized, truncated, malformed, wrongly typed and
/// forged requests at a bounded rate for a bounded time. Only ever against loopback.
/// </summary>
/// <param name="perSecond">Bad requests in a second, in all.</param>
public sealed class BadInputLoad(Uri server, int silentConnections = 1_000, int perSecond = 100)
{
    public const int MostSilent = 2_000;
    public const int MostPerSecond = 2_000;
    public static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(5);

    private const int Oversized = 1_048_577;
    private readonly Dictionary<int, int> _answered = [];
    private readonly Lock _gate = new();

    /// <summary>Opens the silent connections, then sends the mixture for the time given, closes everything.</summary>
    public async Task<BadInputRun> RunAsync(TimeSpan time, CancellationToken stop = default)
    {
        Check(time);
        var silent = new List<Socket>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var client = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromSeconds(20) };
        try
        {
            for (var i = 0; i < silentConnections && !end.IsCancellationRequested; i++) silent.Add(await ConnectAsync());
            end.CancelAfter(time);
            var sent = await SendAsync(client, end.Token);
            return new BadInputRun(silent.Count, sent, _answered);
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
    }

    private void Check(TimeSpan time)
    {
        if (!server.IsLoopback) throw new ArgumentException("Only a server on this machine.", nameof(server));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(silentConnections, MostSilent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(perSecond, MostPerSecond);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, LongestRun);
    }

    /// <summary>A tenth of a second's share every tenth of a second; what is still under way when the next comes goes on beside it.</summary>
    private async Task<int> SendAsync(HttpClient client, CancellationToken end)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        List<Task> underWay = [];
        var sent = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                underWay.RemoveAll(task => task.IsCompleted);
                for (var i = 0; i < Math.Max(1, perSecond / 10) && underWay.Count < MostPerSecond; i++) underWay.Add(OneAsync(client, sent++));
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
        await Task.WhenAll(underWay);
        return sent;
    }

    private async Task OneAsync(HttpClient client, int turn)
    {
        var status = 0;
        try
        {
            status = turn % Kinds.Length is var kind && Kinds[kind] is { } raw
                ? await SendRawAsync(raw)
                : await PostAsync(client, turn);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            // Closed without an answer: that is one, too.
        }
        lock (_gate) _answered[status] = _answered.GetValueOrDefault(status) + 1;
    }

    /// <summary>What is sent in turn; <c>null</c>: a request of <see cref="PostAsync"/>.</summary>
    private static readonly string?[] Kinds =
    [
        null, null, null, null, null, null,
        "no such protocol\r\n\r\n",
        "POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"login\"",
        $"GET /{new string('a', 9_000)} HTTP/1.1\r\nHost: x\r\n\r\n",
        $"GET / HTTP/1.1\r\nHost: x\r\nX-Long: {new string('b', 40_000)}\r\n\r\n",
    ];

    private static async Task<int> PostAsync(HttpClient client, int turn)
    {
        var (path, body) = (turn % 6) switch
        {
            0 => ("api/terminal/scans", "{\"scanId\":\"not-a-guid\"}"),
            1 => ("api/login", "{]"),
            2 => ("api/login", "{\"login\":5,\"password\":[]}"),
            3 => ("api/terminals/login", "{\"terminalId\":1,\"at\":\"2026-01-01T00:00:00Z\",\"signature\":\"AAAA\",\"more\":1}"),
            4 => ("api/terminals/pair", "{\"code\":\"00000000\",\"name\":\"x\",\"publicKey\":\"AAAA\"}"),
            _ => ("api/login", turn % 60 == 5 ? new string('x', Oversized) : ""),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer forged");
        using var answer = await client.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private async Task<int> SendRawAsync(string text)
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(text));
        socket.Shutdown(SocketShutdown.Send);
        var buffer = new byte[64];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var read = await socket.ReceiveAsync(buffer, patience.Token);
        return read > 12 && int.TryParse(Encoding.ASCII.GetString(buffer, 9, 3), out var status) ? status : 0;
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new DnsEndPoint(server.Host, server.Port));
        return socket;
    }
}
