using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Voucher.Server.Operating.Limits;

/// <summary>
/// What a connection may cost before it has said anything, and how slowly it may speak. One that says nothing holds a socket
/// and a timer, and no more: the HTTP machinery begins with its first byte.
/// </summary>
public sealed class ConnectionLimits(BadInputs badInputs, ServerSettings settings)
{
    /// <summary>Open connections in all, and of them WebSockets.</summary>
    public const int Most = 10_000;
    public const int MostUpgraded = 8_000;

    /// <summary>Open connections of one address, times <c>VOUCHER_RATE_SCALE</c>; a proxy's (<c>VOUCHER_PROXIES</c>) are not counted.</summary>
    public const int MostPerAddress = 2_000;

    /// <summary>The first byte must come within this time.</summary>
    public static readonly TimeSpan FirstByteWithin = TimeSpan.FromSeconds(15);

    /// <summary>A request's headers must be whole within this time of their first byte.</summary>
    public static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10);

    /// <summary>A connection that has been answered may wait so long for its next request.</summary>
    public static readonly TimeSpan IdleAfterAnswer = TimeSpan.FromSeconds(130);

    /// <summary>Bodies and answers move at least so fast, after a grace.</summary>
    public const int LeastBytesPerSecond = 240;
    public static readonly TimeSpan SlowGrace = TimeSpan.FromSeconds(5);

    public const int LongestRequestLine = 8_192;
    public const int MostHeaders = 64;
    public const int LargestHeadersBytes = 32_768;

    private readonly ConcurrentDictionary<IPAddress, int> _open = new();

    public static void Configure(KestrelServerOptions kestrel)
    {
        kestrel.Limits.MaxConcurrentConnections = Most;
        kestrel.Limits.MaxConcurrentUpgradedConnections = MostUpgraded;
        kestrel.Limits.RequestHeadersTimeout = HeadersWithin;
        kestrel.Limits.KeepAliveTimeout = IdleAfterAnswer;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(LeastBytesPerSecond, SlowGrace);
        kestrel.Limits.MinResponseDataRate = new MinDataRate(LeastBytesPerSecond, SlowGrace);
        kestrel.Limits.MaxRequestLineSize = LongestRequestLine;
        kestrel.Limits.MaxRequestHeaderCount = MostHeaders;
        kestrel.Limits.MaxRequestHeadersTotalSize = LargestHeadersBytes;
        var limits = kestrel.ApplicationServices.GetRequiredService<ConnectionLimits>();
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection => limits.ServeAsync(connection, next)));
    }

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        if (address is null || settings.Proxies.Any(proxy => proxy.Contains(address)))
        {
            await next(connection);
            return;
        }
        try
        {
            if (_open.AddOrUpdate(address, 1, static (_, open) => open + 1) > MostPerAddress * settings.RateScale) badInputs.Count(BadInputKind.TooFast, "connections");
            else if (await SpeaksAsync(connection)) await next(connection);
        }
        finally
        {
            if (_open.AddOrUpdate(address, 0, static (_, open) => open - 1) == 0) _open.TryRemove(KeyValuePair.Create(address, 0));
        }
    }

    /// <summary>Waits for the first byte and leaves it to be read; false when none came in time or the caller left.</summary>
    private async Task<bool> SpeaksAsync(ConnectionContext connection)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        patience.CancelAfter(FirstByteWithin);
        try
        {
            var read = await connection.Transport.Input.ReadAsync(patience.Token);
            connection.Transport.Input.AdvanceTo(read.Buffer.Start, read.Buffer.Start);
            return !read.Buffer.IsEmpty;
        }
        catch (OperationCanceledException) when (!connection.ConnectionClosed.IsCancellationRequested)
        {
            badInputs.Count(BadInputKind.Silent, "connection");
            return false;
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            return false; // A probe of a load balancer comes and goes without a word.
        }
    }
}
