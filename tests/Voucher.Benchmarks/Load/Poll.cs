using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Voucher.Benchmarks.Load;

/// <summary>Waits for many sockets on one thread by poll(2): the cheapest way that every Linux has, and the load generator
/// shares the processors with what it measures.</summary>
internal sealed class Poll(IReadOnlyList<Socket> sockets)
{
    private const short Readable = 1;

    [StructLayout(LayoutKind.Sequential)]
    private struct Watched
    {
        public int Handle;
        public short Wanted;
        public short Seen;
    }

    private readonly Watched[] _watched = [.. sockets.Select(socket => new Watched { Handle = socket.Handle.ToInt32(), Wanted = Readable })];

    /// <summary>Nothing more is expected of the socket.</summary>
    public void Forget(int index) => _watched[index].Handle = -1;

    /// <summary>False when the time is over and nothing has come.</summary>
    public bool Wait(int milliseconds)
    {
        var ready = PollSockets(_watched, (nuint)_watched.Length, milliseconds);
        if (ready >= 0) return ready > 0;
        for (var i = 0; i < _watched.Length; i++) _watched[i].Seen = 0; // Interrupted by a signal of the runtime: what stands there is old.
        return true;
    }

    public bool IsReady(int index) => _watched[index].Seen != 0;

    [DllImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int PollSockets([In, Out] Watched[] watched, nuint count, int milliseconds);
}
