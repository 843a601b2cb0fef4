using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;

namespace Voucher.Terminal.Link;

/// <summary>
/// Opens the hub's WebSocket directly, without the negotiation that other transports need. Pings on the WebSocket level
/// notice a half-open link whatever the hub's own keep-alive is set to.
/// </summary>
internal sealed class WebSocketConnectionFactory(string accessToken) : IConnectionFactory
{
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = LinkLimits.PingEvery;
        socket.Options.KeepAliveTimeout = LinkLimits.PongWithin;
        socket.Options.SetRequestHeader("Authorization", $"Bearer {accessToken}");
        try
        {
            await socket.ConnectAsync(((UriEndPoint)endpoint).Uri, cancellationToken);
            return new WebSocketConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
