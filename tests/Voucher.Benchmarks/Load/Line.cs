using System.Diagnostics;
using System.Net.Sockets;

namespace Voucher.Benchmarks.Load;

/// <summary>What came back on a line.</summary>
internal sealed class Tally
{
    public int Answered { get; set; }
    public int Accepted { get; set; }
    public int Faults { get; set; }
    public List<double> Microseconds { get; } = [];
}

/// <summary>One connection with its messages, written beforehand one behind the other, and at most a window of them unanswered.</summary>
internal abstract class Line(Socket socket, IReadOnlyList<byte[]> messages, int window) : IDisposable
{
    private readonly byte[] _text = [.. messages.SelectMany(message => message)];
    private readonly int[] _ends = Ends(messages);
    private byte[] _received = new byte[65_536];
    private int _filled;
    private int _sent;
    private long _sentAt;

    public Socket Socket => socket;

    public Tally Tally { get; } = new();

    public bool IsDone => Tally.Answered == _ends.Length;

    /// <summary>Stopwatch ticks between two messages; 0: the next as soon as the window allows.</summary>
    public long Every { get; init; }

    /// <summary>When the first message is due, of a line that keeps a pace.</summary>
    public long DueAt { get; set; }

    public bool IsDue(long now) => Every > 0 && _sent < _ends.Length && _sent == Tally.Answered && now >= DueAt;

    public bool Waits => Every > 0 && _sent == Tally.Answered && !IsDone;

    /// <summary>Sends as much as the window allows, in one piece.</summary>
    public void Fill()
    {
        var until = Math.Min(_ends.Length, Tally.Answered + window);
        if (until <= _sent) return;
        var from = _sent == 0 ? 0 : _ends[_sent - 1];
        // Of a line that keeps a pace the time counts from when the message was due: a late start is part of the wait.
        _sentAt = Every > 0 ? DueAt : Stopwatch.GetTimestamp();
        Send(_text.AsSpan(from, _ends[until - 1] - from));
        _sent = until;
        DueAt += Every;
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[socket.Send(bytes)..];
    }

    /// <summary>Reads what has come and counts the answers in it.</summary>
    public void Receive()
    {
        if (_filled == _received.Length) Array.Resize(ref _received, _received.Length * 2);
        var count = socket.Receive(_received.AsSpan(_filled));
        if (count == 0) throw new IOException($"The server closed a connection after {Tally.Answered} of {_ends.Length} answers.");
        _filled += count;
        var used = Read(_received.AsSpan(0, _filled));
        _received.AsSpan(used, _filled - used).CopyTo(_received);
        _filled -= used;
    }

    /// <summary>Reads whole answers and returns how many bytes they took.</summary>
    protected abstract int Read(ReadOnlySpan<byte> bytes);

    protected void Count(ReadOnlySpan<byte> answer, bool isFault)
    {
        if (window == 1) Tally.Microseconds.Add(Stopwatch.GetElapsedTime(_sentAt).TotalMicroseconds);
        Tally.Answered++;
        if (isFault) Tally.Faults++;
        else if (answer.IndexOf("\"accepted\":true"u8) >= 0) Tally.Accepted++;
    }

    private static int[] Ends(IReadOnlyList<byte[]> messages)
    {
        var ends = new int[messages.Count];
        var end = 0;
        for (var i = 0; i < ends.Length; i++) ends[i] = end += messages[i].Length;
        return ends;
    }

    public void Dispose() => socket.Dispose();
}
