using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Voucher.Terminal.Link;

/// <summary>A WebSocket as the hub client wants it: two pipes, pumped into and out of the socket.</summary>
internal sealed class WebSocketConnection : ConnectionContext
{
    private const int ReceiveBufferBytes = 4096;

    private readonly WebSocket _socket;
    private readonly Pipe _received = new();
    private readonly Pipe _toSend = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly Task _running;

    public WebSocketConnection(WebSocket socket)
    {
        _socket = socket;
        Transport = new TwoPipes(_received.Reader, _toSend.Writer);
        ConnectionClosed = _closed.Token;
        _running = Run();
    }

    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    public override void Abort(ConnectionAbortedException abortReason) => _socket.Abort();

    public override async ValueTask DisposeAsync()
    {
        // The hub client has completed its ends: the sender drains and stops, then the receiver is cut.
        await _toSend.Writer.CompleteAsync();
        _socket.Abort();
        await _running;
        _socket.Dispose();
        _closed.Dispose();
    }

    private async Task Run()
    {
        var receiving = Receive();
        var sending = Send();
        await Task.WhenAny(receiving, sending);
        _socket.Abort();
        await _toSend.Reader.CompleteAsync();
        await Task.WhenAll(receiving, sending);
        await _closed.CancelAsync();
    }

    private async Task Receive()
    {
        Exception? fault = null;
        try
        {
            while (true)
            {
                var frame = await _socket.ReceiveAsync(_received.Writer.GetMemory(ReceiveBufferBytes), CancellationToken.None);
                if (frame.MessageType == WebSocketMessageType.Close) break;
                _received.Writer.Advance(frame.Count);
                if ((await _received.Writer.FlushAsync()).IsCompleted) break;
            }
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            fault = broken;
        }
        await _received.Writer.CompleteAsync(fault);
    }

    private async Task Send()
    {
        try
        {
            while (true)
            {
                var read = await _toSend.Reader.ReadAsync();
                if (!read.Buffer.IsEmpty) await SendMessage(read.Buffer);
                _toSend.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) return;
            }
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The receiver sees the same break and reports it.
        }
    }

    private async Task SendMessage(ReadOnlySequence<byte> message)
    {
        foreach (var part in message) await _socket.SendAsync(part, WebSocketMessageType.Text, endOfMessage: false, CancellationToken.None);
        await _socket.SendAsync(ReadOnlyMemory<byte>.Empty, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
    }

    private sealed record TwoPipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
