using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Voucher.Benchmarks.County;

/// <summary>The published server as a process of its own on a loopback port, with its terminals logged in.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int Term = 15;

    /// <summary>Of the server's general pool: pgbench's clients must find room beside it.</summary>
    private const int MostConnections = 50;

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly HttpClient _client;

    private ServerProcess(Process process, int port)
    {
        _process = process;
        Address = new IPEndPoint(IPAddress.Loopback, port);
        _client = new HttpClient { BaseAddress = new Uri($"http://{Address}") };
    }

    public IPEndPoint Address { get; }
    public int Id => _process.Id;

    /// <summary>Access tokens of the terminals, in their order.</summary>
    public IReadOnlyList<string> AccessTokens { get; private set; } = [];

    /// <param name="rateScale">The server's limits on what one address or connection may ask, times this.</param>
    public static async Task<ServerProcess> StartAsync(BenchOptions options, BenchCounty county, TimeProvider clock, int terminals, int rateScale)
    {
        var port = FreePort();
        var log = Path.Combine(options.Work, $"server-{port}.log");
        // A shell only to send what the server says to a file; exec leaves no shell behind.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >\"$0\" 2>&1", log, "dotnet", options.ServerProgram, "serve"]) { UseShellExecute = false };
        start.Environment["VOUCHER_HOME"] = Path.Combine(options.Work, "home");
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        start.Environment["CHROMIUM"] = "";
        start.Environment["VOUCHER_POSTGRES"] = new NpgsqlConnectionStringBuilder(options.Postgres) { MaxPoolSize = MostConnections }.ConnectionString;
        start.Environment["VOUCHER_RATE_SCALE"] = rateScale.ToString(CultureInfo.InvariantCulture);
        var server = new ServerProcess(Process.Start(start)!, port);
        try
        {
            await server.WaitUntilReadyAsync(log);
            await server.LogInAsync(terminals, county, clock);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task WaitUntilReadyAsync(string log)
    {
        using var patience = new CancellationTokenSource(LongestStart);
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException($"The server ended: {await File.ReadAllTextAsync(log)}");
            try
            {
                using var answer = await _client.GetAsync("/health/ready", patience.Token);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(100, patience.Token);
        }
    }

    private async Task LogInAsync(int terminals, BenchCounty county, TimeProvider clock)
    {
        var tokens = new string[terminals];
        for (var i = 0; i < terminals; i++)
        {
            var (id, now) = (county.FirstTerminal + i, clock.GetUtcNow());
            var signature = county.TerminalKey.SignData(
                Encoding.ASCII.GetBytes(TerminalLogin.SignedText(id, now)), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            using var answer = await _client.PostAsJsonAsync("/api/terminals/login", new TerminalLogin(id, now, signature));
            answer.EnsureSuccessStatusCode();
            tokens[i] = (await answer.Content.ReadFromJsonAsync<TerminalLoginAnswer>())!.AccessToken!;
        }
        AccessTokens = tokens;
    }

    /// <summary>A new connection to the server.</summary>
    public Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(Address);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_process.HasExited)
        {
            _ = Signal(_process.Id, Term);
            using var patience = new CancellationTokenSource(LongestStop);
            await ((Task)_process.WaitForExitAsync(patience.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
