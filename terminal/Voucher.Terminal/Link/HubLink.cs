using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Voucher.Core.Wire;

namespace Voucher.Terminal.Link;

/// <summary>One connection to the server's hub. When it breaks it is done with; <see cref="TerminalLink"/> makes the next.</summary>
internal sealed class HubLink : IAsyncDisposable
{
    private readonly HubConnection _connection;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _revoked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HubLink(HubConnection connection)
    {
        _connection = connection;
        _connection.KeepAliveInterval = LinkLimits.PingEvery;
        _connection.HandshakeTimeout = LinkLimits.ConnectWithin;
        _connection.Closed += _ =>
        {
            _closed.TrySetResult();
            return Task.CompletedTask;
        };
        _connection.On(HubNames.SetupChanged, () => { SetupChanged.Release(); });
        _connection.On(HubNames.Revoked, () => { _revoked.TrySetResult(); });
    }

    /// <summary>Released by each notice that the setup has changed. They come from the moment of the greeting on, before anybody can wait for them.</summary>
    public SemaphoreSlim SetupChanged { get; } = new(0);

    /// <summary>Completes when the hub says that the terminal is revoked.</summary>
    public Task Revoked => _revoked.Task;

    /// <summary>Completes when the connection has broken.</summary>
    public Task Closed => _closed.Task;

    /// <summary>The connection, or <c>null</c> when the hub cannot be had.</summary>
    public static async Task<HubLink?> Connect(Uri server, string accessToken, CancellationToken stop)
    {
        var link = new HubLink(Build(server, accessToken));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(LinkLimits.ConnectWithin);
        try
        {
            await link._connection.StartAsync(patience.Token);
            return link;
        }
        catch (Exception fault) when (IsBroken(fault) && !stop.IsCancellationRequested)
        {
            await link.DisposeAsync();
            return null;
        }
    }

    /// <summary>
    /// Asks over the hub. A numbered refusal is an answer like any other; <see cref="Asked.NoAnswer"/> when none comes in time, the
    /// call fails, or the hub says what only REST says in words.
    /// </summary>
    public async Task<Asked> Ask(ScanRequest scan, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(LinkLimits.HubAnswerWithin);
        using var span = Traces.Source.StartActivity("scan over hub");
        try
        {
            return Asked.To(scan, await _connection.InvokeAsync<ScanAnswer>(HubNames.Scan, scan, patience.Token));
        }
        catch (HubException said)
        {
            return HubRefusal.In(scan, said.Message) ?? new Asked.NoAnswer();
        }
        catch (Exception fault) when (IsBroken(fault) && !stop.IsCancellationRequested)
        {
            return new Asked.NoAnswer();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        SetupChanged.Dispose();
    }

    private static bool IsBroken(Exception fault) =>
        fault is HubException or WebSocketException or HttpRequestException or IOException or OperationCanceledException
            or InvalidOperationException or InvalidDataException or TimeoutException;

    private static HubConnection Build(Uri server, string accessToken)
    {
        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton<IConnectionFactory>(new WebSocketConnectionFactory(accessToken));
        builder.Services.AddSingleton<EndPoint>(new UriEndPoint(AddressOf(server)));
        builder.AddJsonProtocol(json => json.PayloadSerializerOptions = WebJson.Options);
        return builder.Build();
    }

    private static Uri AddressOf(Uri server)
    {
        var address = new UriBuilder(new Uri(server, HubNames.TerminalHubPath.TrimStart('/')))
        {
            Scheme = server.Scheme == Uri.UriSchemeHttps ? "wss" : "ws",
            Query = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Protocol.Query}={Protocol.Current}"),
        };
        return address.Uri;
    }
}
