using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Voucher.Testing;

/// <summary>
/// A port of the loopback address that nobody listens on. Not one of those that Linux hands out to outgoing connections
/// (32768 and up): a program that is stopped and started again must find its port still free.
/// </summary>
public static class FreePort
{
    private const int Lowest = 20_000;
    private const int Highest = 32_700;

    /// <summary>Each port is given out once, so that counties that are set up side by side never get the same.</summary>
    private static int _last = RandomNumberGenerator.GetInt32(Lowest, Highest);

    public static int Find()
    {
        for (var tries = Lowest; tries < Highest; tries++)
            if (Next() is var port && IsFree(port))
                return port;
        throw new InvalidOperationException("All ports are taken.");
    }

    private static int Next() => Lowest + (Interlocked.Increment(ref _last) - Lowest) % (Highest - Lowest);

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
