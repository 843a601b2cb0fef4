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
        var listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        listener.Start();
        lock (_gate) _listener = listener;
        _ = Accept(listener);
    }

    public void Cut()
    {
        lock (_gate)
        {
            _listener?.Stop();
            _listener = null;
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
            while (true) _ = Join(await listener.AcceptSocketAsync(), listener);
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
        }
    }

    /// <summary>One that the server does not take is broken, and so is one that was accepted before a cut and would stand after it.</summary>
    private async Task Join(Socket near, TcpListener acceptedBy)
    {
        var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var isTaken = await Connect(far);
        lock (_gate)
        {
            if (!isTaken || _listener != acceptedBy)
            {
                near.Close(0);
                far.Close(0);
                return;
            }
            _ends.AddRange([near, far]);
        }
        _ = Carry(near, far);
        _ = Carry(far, near);
    }

    private async Task<bool> Connect(Socket far)
    {
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _serverPort);
            return true;
        }
        catch (SocketException)
        {
            return false;
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
