using System.Net;
using System.Net.Sockets;

namespace Voucher.Testing;

/// <summary>
/// A network cable to a server on this machine: it can be cut (connections break, new ones are refused), frozen (nothing comes
/// through and nobody is told: a half-open link), frozen for the connections that stand while new ones work (a firewall that
/// forgot them), and healed.
/// </summary>
public sealed class Cable : IDisposable
{
    private readonly int _serverPort;
    private readonly Lock _gate = new();
    private readonly List<Socket> _ends = [];
    private TcpListener? _listener;
    private volatile bool _frozen;
    private int _forgotten;

    public Cable(Uri server) : this(server.Port)
    {
    }

    public Cable(int serverPort)
    {
        _serverPort = serverPort;
        Heal();
    }

    public int Port { get; } = FreePort.Find();

    public Uri Address => new($"http://127.0.0.1:{Port}/");

    public void Heal()
    {
        Cut();
        _frozen = false;
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        _listener.Start();
        _ = Accept(_listener);
    }

    public void Cut()
    {
        _listener?.Stop();
        lock (_gate)
        {
            foreach (var end in _ends) end.Close(0);
            _ends.Clear();
        }
    }

    public void Freeze() => _frozen = true;

    /// <summary>What stands now is dead, and neither end is told; new connections work.</summary>
    public void ForgetStanding() => Interlocked.Increment(ref _forgotten);

    public void Dispose() => Cut();

    private async Task Accept(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var near = await listener.AcceptSocketAsync();
                var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await far.ConnectAsync(IPAddress.Loopback, _serverPort);
                lock (_gate) _ends.AddRange([near, far]);
                _ = Carry(near, far);
                _ = Carry(far, near);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task Carry(Socket from, Socket to)
    {
        var buffer = new byte[8192];
        var standsSince = Volatile.Read(ref _forgotten);
        try
        {
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                if (_frozen || standsSince != Volatile.Read(ref _forgotten)) continue;
                await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
        }
        to.Close(0);
    }
}
