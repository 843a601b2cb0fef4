using System.Net.Sockets;

namespace Voucher.Faults.Network;

/// <summary>One connection through the proxy: two pumps, and what the weather does to them.</summary>
internal sealed class Line : IDisposable
{
    private const int BufferBytes = 16_384;
    private const int DribbleBytes = 24;
    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(120);
    private static readonly TimeSpan DribbleEvery = TimeSpan.FromMilliseconds(4);

    private readonly TcpProxy _proxy;
    private readonly Socket _client;
    private readonly Socket _server;
    private volatile bool _cutAtAnswer;

    public Line(TcpProxy proxy, Socket client, Socket server)
    {
        (_proxy, _client, _server) = (proxy, client, server);
        client.NoDelay = server.NoDelay = true;
    }

    /// <summary>Bytes were swallowed.</summary>
    public bool HasLost { get; private set; }

    public async Task CarryAsync()
    {
        await Task.WhenAny(PumpAsync(_client, _server, isAnswer: false), PumpAsync(_server, _client, isAnswer: true));
        Cut();
    }

    public void Cut()
    {
        _client.Dispose();
        _server.Dispose();
    }

    public void Dispose() => Cut();

    private async Task PumpAsync(Socket from, Socket to, bool isAnswer)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                if (!await PassAsync(to, buffer.AsMemory(0, count), isAnswer)) return;
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            // One end has gone; the other is told by the cut.
        }
    }

    /// <summary>False when the line is to be cut.</summary>
    private async Task<bool> PassAsync(Socket to, ReadOnlyMemory<byte> bytes, bool isAnswer)
    {
        if (isAnswer && _cutAtAnswer) return false;
        switch (_proxy.Weather)
        {
            case Weather.HalfOpen:
                HasLost = true;
                return true;
            case Weather.CutBefore when !isAnswer && _proxy.IsUnlucky():
                return false;
            case Weather.CutAfter when !isAnswer && _proxy.IsUnlucky():
                _cutAtAnswer = true;
                break;
            case Weather.Slow:
                await Task.Delay(Lateness);
                break;
            case Weather.Dribble:
                return await DribbleAsync(to, bytes);
            default:
                break;
        }
        await SendAllAsync(to, bytes);
        return true;
    }

    private async Task<bool> DribbleAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > DribbleBytes && _proxy.Weather == Weather.Dribble)
        {
            await SendAllAsync(to, bytes[..DribbleBytes]);
            bytes = bytes[DribbleBytes..];
            await Task.Delay(DribbleEvery);
        }
        await SendAllAsync(to, bytes);
        return true;
    }

    private static async Task SendAllAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await to.SendAsync(bytes)..];
    }
}
