using System.Net;
using System.Net.Sockets;

namespace Voucher.Terminal.Tests.Server;

/// <summary>
/// A network cable between terminal and server: it can be cut (connections break, new ones are refused), frozen (nothing
/// comes through and nobody is told: a half-open link), and healed.
/// </summary>
internal sealed class Cable : IDisposable
{
    private readonly int _serverPort;
    private readonly int _port;
    private readonly Lock _gate = new();
    private readonly List<Socket> _ends = [];
    private TcpListener? _listener;
    private volatile bool _frozen;

    public Cable(Uri server)
    {
        _serverPort = server.Port;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            _port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        Heal();
    }

    public Uri Address => new($"http://127.0.0.1:{_port}/");

    public void Heal()
    {
        Cut();
        _frozen = false;
        _listener = new TcpListener(IPAddress.Loopback, _port);
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
        try
        {
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                if (_frozen) continue;
                await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
        }
        to.Close(0);
    }
}
