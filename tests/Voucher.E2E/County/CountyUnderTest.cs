using Voucher.E2E.Programs;

namespace Voucher.E2E.County;

/// <summary>
/// A whole county on this machine, as an operator would set it up: an empty database, the server's own commands, the
/// server and one terminal as processes. Everything ends and vanishes when it is disposed.
/// </summary>
public sealed class CountyUnderTest : IAsyncLifetime
{
    public const string Password = "correct-horse-battery";

    private readonly string _folder = Directory.CreateTempSubdirectory("voucher-e2e-").FullName;
    private readonly Dictionary<string, string> _serverEnvironment = new(StringComparer.Ordinal);
    private FreshDatabase? _database;
    private RedisSpace? _redis;
    private RunningProgram? _server;
    private RunningProgram? _terminal;

    public Uri Portal { get; } = new($"http://127.0.0.1:{FreePort.Find()}");

    public Uri Kiosk { get; } = new($"http://127.0.0.1:{FreePort.Find()}");

    /// <summary>For files of a test; gone afterwards.</summary>
    public string Folder => _folder;

    public async ValueTask InitializeAsync()
    {
        _database = await PrivateServices.CreateDatabaseAsync();
        _redis = await PrivateServices.CreateRedisSpaceAsync();
        _serverEnvironment["VOUCHER_POSTGRES"] = _database.ConnectionString;
        _serverEnvironment["VOUCHER_REDIS"] = _redis.Configuration;
        _serverEnvironment["VOUCHER_HOME"] = Path.Combine(_folder, "server");
        _serverEnvironment["VOUCHER_DEMO_PASSWORD"] = Password;
        _serverEnvironment["CHROMIUM"] = Requires.Chromium();
        _serverEnvironment["ASPNETCORE_URLS"] = Portal.ToString();
        await CommandAsync("migrate");
        await CommandAsync("keys", "init");
        await CommandAsync("demo", "--people", "0");
        await StartServerAsync();
        await StartTerminalAsync();
    }

    /// <summary>What the programs have said last; for the message of a test that fails.</summary>
    public string Logs => $"--- server\n{_server?.Said}\n--- terminal\n{_terminal?.Said}";

    /// <summary>One of the operator's commands, which must succeed.</summary>
    /// <returns>What it wrote.</returns>
    public async Task<string> CommandAsync(params string[] arguments)
    {
        var (exitCode, said) = await RunningProgram.RunAsync(BuiltPrograms.Server, arguments, _serverEnvironment);
        Assert.True(exitCode == 0, $"Voucher.Server {string.Join(' ', arguments)} ended with {exitCode}:\n{said}");
        return said;
    }

    public async Task StartServerAsync()
    {
        _server = RunningProgram.Start(BuiltPrograms.Server, ["serve"], _serverEnvironment);
        await _server.WaitForAsync(new Uri(Portal, "/health/ready"));
    }

    /// <summary>A further server of the county, at an address of its own; the caller ends it.</summary>
    public async Task<(RunningProgram Program, Uri Address)> StartFurtherServerAsync()
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var program = RunningProgram.Start(BuiltPrograms.Server, ["serve"], new Dictionary<string, string>(_serverEnvironment, StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = address.ToString(),
        });
        await program.WaitForAsync(new Uri(address, "/health/ready"));
        return (program, address);
    }

    public async Task StartTerminalAsync() => _terminal = await StartTerminalAsync("terminal", Portal, Kiosk);

    /// <summary>A further terminal, not paired yet, at an address of its own; the caller ends it.</summary>
    /// <param name="name">Of its folder, unlike any other terminal's.</param>
    /// <param name="server">Where it reaches the county.</param>
    public async Task<(RunningProgram Program, Uri Kiosk)> StartFurtherTerminalAsync(string name, Uri server)
    {
        var kiosk = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        return (await StartTerminalAsync(name, server, kiosk), kiosk);
    }

    /// <summary>Starts what a test has stopped and, failing, not started again.</summary>
    public async Task StartWhatStoodStillAsync()
    {
        if (_server is null) await StartServerAsync();
        if (_terminal is null) await StartTerminalAsync();
        else await ThawTerminalAsync();
    }

    /// <summary>As an operator stops it: it may end what it is doing.</summary>
    public async Task StopServerAsync()
    {
        if (_server is null) return;
        await _server.StopAsync();
        await KillServerAsync();
    }

    /// <summary>As a power cut would.</summary>
    public async Task KillServerAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _server = null;
    }

    /// <summary>As a power cut would.</summary>
    public async Task KillTerminalAsync()
    {
        if (_terminal is not null) await _terminal.DisposeAsync();
        _terminal = null;
    }

    /// <summary>The terminal's program hangs until it is thawed.</summary>
    public Task FreezeTerminalAsync() => _terminal!.FreezeAsync();

    public Task ThawTerminalAsync() => _terminal!.ThawAsync();

    public async ValueTask DisposeAsync()
    {
        await KillTerminalAsync();
        await KillServerAsync();
        if (_redis is not null) await _redis.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<RunningProgram> StartTerminalAsync(string name, Uri server, Uri kiosk)
    {
        var program = RunningProgram.Start(BuiltPrograms.Terminal, [], new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["VOUCHER_TERMINAL_HOME"] = Path.Combine(_folder, name),
            ["VOUCHER_TERMINAL_SEAL"] = Path.Combine(_folder, $"{name}-seal"),
            ["VOUCHER_SERVER"] = server.ToString(),
            ["ASPNETCORE_URLS"] = kiosk.ToString(),
        });
        await program.WaitForAsync(new Uri(kiosk, "/local/state"));
        return program;
    }
}
