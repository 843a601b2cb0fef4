using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Voucher.Faults.Network;

/// <summary>A port that passes on to another one, in whatever weather.</summary>
/// <param name="cutOneIn">In cutting weather one message in so many is cut.</param>
public sealed class TcpProxy(int target, int cutOneIn, int seed) : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, FreePort.Find());
    private readonly ConcurrentDictionary<Line, bool> _lines = new();
    private readonly Random _chance = new(seed);
    private readonly Lock _turn = new();
    private volatile Weather _weather;
    private volatile int _target = target;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Weather Weather => _weather;

    public TcpProxy Open()
    {
        _listener.Start();
        _ = AcceptAsync();
        return this;
    }

    /// <summary>When it clears up, lines that have lost something are cut: what follows on them would make no sense.</summary>
    public void Turn(Weather weather)
    {
        _weather = weather;
        if (weather != Weather.Fair) return;
        foreach (var line in _lines.Keys.Where(line => line.HasLost)) line.Cut();
    }

    /// <summary>New lines lead elsewhere; those that stand are cut.</summary>
    public void LeadTo(int target)
    {
        if (_target == target) return;
        _target = target;
        foreach (var line in _lines.Keys) line.Cut();
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var line in _lines.Keys) line.Cut();
    }

    internal bool IsUnlucky()
    {
        lock (_turn) return _chance.Next(cutOneIn) == 0;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var client = await _listener.AcceptSocketAsync();
                _ = CarryAsync(client);
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task CarryAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var line = new Line(this, client, server);
        _lines[line] = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target);
            await line.CarryAsync();
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            // Nobody there: the caller sees its line cut.
        }
        finally
        {
            _lines.TryRemove(line, out _);
        }
    }
}
