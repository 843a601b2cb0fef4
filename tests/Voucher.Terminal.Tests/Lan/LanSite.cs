using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Voucher.Terminal.Tests.Server;
using Voucher.Testing;

namespace Voucher.Terminal.Tests.Lan;

/// <summary>A terminal whose second door is open, the page at its PC, and tablets that reach it over HTTPS by the machine's own name.</summary>
internal sealed class LanSite : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2? _authority;

    private LanSite(WebApplication app, string home, int port)
    {
        (_app, Home, Port) = (app, home, port);
        Pc = new HttpClient { BaseAddress = new Uri(app.Urls.Single(url => url.StartsWith("http:", StringComparison.Ordinal))) };
        _authority = File.Exists(CertificateIn(home)) ? X509CertificateLoader.LoadCertificateFromFile(CertificateIn(home)) : null;
    }

    public string Home { get; }

    public int Port { get; }

    /// <summary>The folder outlives this run: another run takes it up.</summary>
    public bool IsKept { get; set; }

    public HttpClient Pc { get; }

    public static string Name => $"{Environment.MachineName.ToLowerInvariant()}.local";

    public Uri Address => new($"https://{Name}:{Port}/");

    public string Lan => LanOf(Home);

    /// <summary>The authority's certificate as it was when this run began.</summary>
    public X509Certificate2 Authority => _authority ?? throw new InvalidOperationException("There was none.");

    public static async Task<LanSite> Start(string? home = null, TimeProvider? time = null)
    {
        home ??= Directory.CreateTempSubdirectory("voucher-lan-").FullName;
        var port = FreePort.Find();
        await File.WriteAllTextAsync(Path.Combine(home, "terminal.settings.json"), string.Create(CultureInfo.InvariantCulture, $$"""{"lan": true, "lanPort": {{port}}}"""));
        var app = TerminalApp.Build(["--urls=http://127.0.0.1:0", $"--VOUCHER_TERMINAL_HOME={home}", $"--VOUCHER_TERMINAL_SEAL={Server.Kiosk.SealOf(home)}", "--Logging:LogLevel:Default=None"], time ?? TimeProvider.System);
        await app.StartAsync();
        return new LanSite(app, home, port);
    }

    /// <summary>A tablet that trusts this site's authority and nobody else.</summary>
    public HttpClient NewTablet(X509Certificate2? trusted = null)
    {
        var handler = new SocketsHttpHandler
        {
            CookieContainer = new CookieContainer(),
            // The machine's name need not be known to a name server here.
            ConnectCallback = async (context, stop) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(trusted ?? Authority);
        handler.SslOptions.CertificateChainPolicy = policy;
        return new HttpClient(handler) { BaseAddress = Address };
    }

    public static string LanOf(string home) => Path.Combine(home, "lan");

    public static string KeyIn(string home) => Path.Combine(LanOf(home), "authority.key");

    public static string CertificateIn(string home) => Path.Combine(LanOf(home), "authority.crt");

    /// <summary>What the door shows to whoever knocks, trusted or not; <c>null</c> when it shows nothing.</summary>
    public async Task<X509Certificate2?> Shown()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        await using var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        try
        {
            await stream.AuthenticateAsClientAsync(Address.Host);
            return X509CertificateLoader.LoadCertificate(stream.RemoteCertificate!.GetRawCertData());
        }
        catch (Exception fault) when (fault is IOException or AuthenticationException)
        {
            return null;
        }
    }

    /// <summary>A line to the door that stays open, whatever is sent on it.</summary>
    public async Task<SslStream> Line()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port));
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = Address.Host,
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { Authority } },
        });
        return stream;
    }

    /// <summary>The first line of the answer to a request that comes under a name, whatever the certificate says; nothing when the line is cut.</summary>
    public static async Task<string> FirstLineOn(SslStream line, string path, string host)
    {
        await line.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        using var reader = new StreamReader(line, leaveOpen: true);
        return await reader.ReadLineAsync() ?? "";
    }

    /// <summary>What is answered to a request for the tablets' page.</summary>
    public async Task<string> FirstLineFor(string host)
    {
        await using var line = await Line();
        return await FirstLineOn(line, "/tablet.html", host);
    }

    public async Task<string> NewCode()
    {
        var response = await Pc.PostAsJsonAsync("local/tablets/code", new { });
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("digits").GetString()!;
    }

    public async Task<HttpClient> LetInTablet(string name = "教室平板")
    {
        var tablet = NewTablet();
        Assert.Equal(HttpStatusCode.NoContent, await Enter(tablet, await NewCode(), name));
        return tablet;
    }

    public static async Task<HttpStatusCode> Enter(HttpClient tablet, string code, string name = "教室平板") =>
        (await tablet.PostAsJsonAsync("lan/enter", new { code, name })).StatusCode;

    public Task<JsonElement> Tablets() => Pc.GetFromJsonAsync<JsonElement>("local/tablets");

    /// <summary>Paired, active and online.</summary>
    public async Task PairWith(ServerPeer server)
    {
        (await Pc.PostAsJsonAsync("local/pair", new { server = server.Address.ToString(), code = ServerPeer.Code, name = "前台1号" })).EnsureSuccessStatusCode();
        using var patience = new CancellationTokenSource(Server.Kiosk.Patience);
        while (await State() is var state && !(state.Standing() == "active" && state.IsOnline())) await Task.Delay(30, patience.Token);
    }

    public async Task<string?> Standing() => (await State()).Standing();

    public async Task<JsonElement> LineEleven() => (await Pc.GetFromJsonAsync<JsonElement>("local/diagnostics")).Item(11);

    private Task<JsonElement> State() => Pc.GetFromJsonAsync<JsonElement>("local/state");

    public async Task Stop()
    {
        Pc.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _authority?.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        if (IsKept) return;
        foreach (var folder in new[] { Home, Server.Kiosk.SealOf(Home) }.Where(Directory.Exists)) Directory.Delete(folder, recursive: true);
    }
}
