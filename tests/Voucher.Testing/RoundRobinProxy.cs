using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Voucher.Testing;

/// <summary>
/// A plain reverse proxy on a loopback port: takes its servers in turn, request by request and WebSocket by WebSocket, and
/// knows nothing of sessions. A server that cannot be reached is passed over, and so is, as nginx does it, one that was lost under
/// way to the answer of a GET; any other request that broke under way is answered 502.
/// </summary>
public sealed class RoundRobinProxy : IAsyncDisposable
{
    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase) { "Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Host" };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(2),
    });
    private readonly WebApplication _app;
    private readonly Uri[] _servers;
    private int _turn;

    private RoundRobinProxy(WebApplication app, Uri[] servers) => (_app, _servers) = (app, servers);

    public Uri Address => new(_app.Urls.Single());

    /// <summary>What went where, in the order in which it was answered or upgraded.</summary>
    public ConcurrentQueue<(Uri Server, string Path)> Passed { get; } = new();

    /// <param name="port">0: any that is free.</param>
    public static async Task<RoundRobinProxy> StartAsync(IEnumerable<Uri> servers, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var proxy = new RoundRobinProxy(builder.Build(), [.. servers]);
        proxy._app.Run(proxy.ForwardAsync);
        await proxy._app.StartAsync();
        return proxy;
    }

    private async Task ForwardAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        for (var tries = 0; tries < _servers.Length; tries++)
        {
            var server = _servers[(uint)Interlocked.Increment(ref _turn) % _servers.Length];
            try
            {
                using var request = Copy(context.Request, server, body.ToArray());
                using var answer = await _client.SendAsync(request, context.RequestAborted);
                Passed.Enqueue((server, context.Request.Path));
                await (answer.StatusCode == HttpStatusCode.SwitchingProtocols ? TunnelAsync(context, answer) : AnswerAsync(context.Response, answer));
                return;
            }
            catch (HttpRequestException fault) when (fault.HttpRequestError is HttpRequestError.ConnectionError || IsHarmless(context))
            {
                // Nothing of the request has reached it, or it asked for nothing to be done: the next server may have it.
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
            {
                break;
            }
        }
        if (!context.Response.HasStarted) context.Response.StatusCode = StatusCodes.Status502BadGateway;
    }

    private static bool IsHarmless(HttpContext context) => HttpMethods.IsGet(context.Request.Method) && !context.Response.HasStarted;

    private static HttpRequestMessage Copy(HttpRequest from, Uri server, byte[] body)
    {
        var request = new HttpRequestMessage(new HttpMethod(from.Method), new Uri(server, from.Path + from.QueryString)) { Version = HttpVersion.Version11 };
        if (body.Length > 0) request.Content = new ByteArrayContent(body);
        foreach (var (name, values) in from.Headers)
        {
            if (HopByHop.Contains(name)) continue;
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)) request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
        request.Headers.Host = from.Host.Value;
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", from.HttpContext.Connection.RemoteIpAddress?.ToString());
        if (StringValues.IsNullOrEmpty(from.Headers.Upgrade)) return request;
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", from.Headers.Upgrade.ToString());
        return request;
    }

    private static void CopyHeaders(HttpResponseMessage from, HttpResponse to)
    {
        foreach (var (name, values) in from.Headers.Concat(from.Content.Headers))
            if (!HopByHop.Contains(name)) to.Headers.Append(name, values.ToArray());
    }

    private static async Task AnswerAsync(HttpResponse to, HttpResponseMessage answer)
    {
        to.StatusCode = (int)answer.StatusCode;
        CopyHeaders(answer, to);
        await answer.Content.CopyToAsync(to.Body, to.HttpContext.RequestAborted);
    }

    /// <summary>Bytes both ways until either side ends.</summary>
    private static async Task TunnelAsync(HttpContext context, HttpResponseMessage answer)
    {
        CopyHeaders(answer, context.Response);
        context.Response.Headers.Upgrade = "websocket";
        await using var server = await answer.Content.ReadAsStreamAsync();
        await using var caller = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        Task[] both = [server.CopyToAsync(caller, end.Token), caller.CopyToAsync(server, end.Token)];
        await Task.WhenAny(both);
        await end.CancelAsync();
        await Task.WhenAll(both).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync(); // Tunnels would keep it waiting.
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _client.Dispose();
    }
}
