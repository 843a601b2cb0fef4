using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Voucher.Benchmarks.Load;

/// <summary>
/// Scans over one connection of the terminals' hub: SignalR's JSON protocol over a WebSocket, written by hand because a
/// full client would cost more than what it measures.
/// </summary>
internal sealed class HubLine(Socket socket, IReadOnlyList<byte[]> messages, int window) : Line(socket, messages, window)
{
    private const byte EndOfMessage = 0x1e;
    private const byte Text = 0x81;
    private const int Ping = 9;
    private const int Close = 8;

    private readonly List<byte> _begun = [];

    public static byte[] Message(int number, ScanRequest scan) =>
        Frame([.. Encoding.ASCII.GetBytes($"{{\"type\":1,\"invocationId\":\"{number}\",\"target\":\"{HubNames.Scan}\",\"arguments\":["),
            .. JsonSerializer.SerializeToUtf8Bytes(scan, WireJson.Default.ScanRequest), .. "]}"u8, EndOfMessage]);

    /// <summary>Opens the WebSocket and says which protocol follows.</summary>
    public static void ShakeHands(Socket socket, string accessToken)
    {
        var key = Convert.ToBase64String("0123456789abcdef"u8);
        socket.Send(Encoding.ASCII.GetBytes(
            $"GET {HubNames.TerminalHubPath} HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nAuthorization: Bearer {accessToken}\r\n\r\n"));
        Expect(socket, "HTTP/1.1 101 "u8, "\r\n\r\n"u8);
        socket.Send(Frame([.. "{\"protocol\":\"json\",\"version\":1}"u8, EndOfMessage]));
        Expect(socket, [Text], [EndOfMessage]);
    }

    private static void Expect(Socket socket, ReadOnlySpan<byte> start, ReadOnlySpan<byte> end)
    {
        var buffer = new byte[4_096];
        var filled = 0;
        while (!buffer.AsSpan(0, filled).EndsWith(end))
        {
            var count = socket.Receive(buffer.AsSpan(filled));
            if (count == 0) break;
            filled += count;
        }
        if (!buffer.AsSpan(0, filled).StartsWith(start)) throw new IOException($"The hub refused the connection: {Encoding.UTF8.GetString(buffer, 0, filled)}");
    }

    /// <summary>A client must mask its frames; a mask of zeros leaves the text as it is.</summary>
    private static byte[] Frame(byte[] payload)
    {
        if (payload.Length > ushort.MaxValue) throw new ArgumentException("Too long for a short frame.", nameof(payload));
        byte[] head = payload.Length < 126 ? [Text, (byte)(0x80 | payload.Length)] : [Text, 0x80 | 126, (byte)(payload.Length >> 8), unchecked((byte)payload.Length)];
        return [.. head, 0, 0, 0, 0, .. payload];
    }

    protected override int Read(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        while (Whole(bytes[used..]) is var (head, length) && length >= 0)
        {
            ReadFrame(bytes[used] & 0xF, bytes.Slice(used + head, length));
            used += head + length;
        }
        return used;
    }

    private void ReadFrame(int kind, ReadOnlySpan<byte> payload)
    {
        if (kind == Close) throw new IOException("The hub closed a connection.");
        if (kind == Ping) return;
        while (payload.IndexOf(EndOfMessage) is var end and >= 0)
        {
            // A long message may come in several frames.
            _begun.AddRange(payload[..end]);
            ReadMessage(CollectionsMarshal.AsSpan(_begun));
            _begun.Clear();
            payload = payload[(end + 1)..];
        }
        _begun.AddRange(payload);
    }

    private void ReadMessage(ReadOnlySpan<byte> message)
    {
        if (message.StartsWith("{\"type\":3"u8)) Count(message, isFault: message.IndexOf("\"error\":"u8) >= 0);
    }

    /// <summary>Lengths of the first frame's head and payload; a payload of -1 while it is not whole.</summary>
    private static (int Head, int Payload) Whole(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2) return (0, -1);
        var (head, length) = bytes[1] switch
        {
            < 126 => (2, bytes[1]),
            126 => (4, bytes.Length < 4 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])),
            _ => (10, bytes.Length < 10 ? 0 : (int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..])),
        };
        return bytes.Length < head + length ? (head, -1) : (head, length);
    }
}
