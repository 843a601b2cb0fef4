using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Voucher.Benchmarks.Load;

/// <summary>Scans over one HTTP/1.1 connection that stays open, as a terminal without the hub sends them.</summary>
internal sealed class HttpLine(Socket socket, IReadOnlyList<byte[]> messages) : Line(socket, messages, window: 1)
{
    public static byte[] Message(string accessToken, ScanRequest scan)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(scan, WireJson.Default.ScanRequest);
        var head = $"POST /api/terminal/scans HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {accessToken}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    protected override int Read(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        while (Whole(bytes[used..]) is var length and > 0)
        {
            var answer = bytes.Slice(used, length);
            Count(answer, isFault: !answer.StartsWith("HTTP/1.1 200 "u8));
            used += length;
        }
        return used;
    }

    /// <summary>Length of the first answer; 0 while it is not whole.</summary>
    private static int Whole(ReadOnlySpan<byte> bytes)
    {
        var head = bytes.IndexOf("\r\n\r\n"u8) + 4;
        if (head < 4) return 0;
        var length = bytes[..head].IndexOf("Content-Length: "u8);
        if (length >= 0)
        {
            Utf8Parser.TryParse(bytes[(length + 16)..head], out int body, out _);
            return head + body <= bytes.Length ? head + body : 0;
        }
        // Written in chunks; the last is empty.
        var end = bytes[head..].IndexOf("\r\n0\r\n\r\n"u8);
        return end < 0 ? 0 : head + end + 7;
    }
}
