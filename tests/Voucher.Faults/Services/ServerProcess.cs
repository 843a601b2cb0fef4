using Voucher.Faults.Processes;

namespace Voucher.Faults.Services;

/// <summary>One server of the county as a process of its own; several share database, Redis and keys.</summary>
public sealed class ServerProcess(RunSettings settings, string name, int postgresPort, int redisPort) : IDisposable
{
    public const string Password = "correct-horse-battery";
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(3) };

    private OwnProcess? _process;

    public string Name => name;
    public int Port { get; } = FreePort.Find();
    public bool Runs => _process is { HasEnded: false };
    public string Log => settings.PathTo($"{name}.log");

    /// <summary>Exit code of one that has ended.</summary>
    public int? ExitCode => _process is { HasEnded: true } ended ? ended.ExitCode : null;

    public Uri Address => new($"http://127.0.0.1:{Port}");

    private Dictionary<string, string> Environment => new(StringComparer.Ordinal)
    {
        ["VOUCHER_POSTGRES"] = PostgresCluster.AddressAt(postgresPort),
        ["VOUCHER_REDIS"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{redisPort}"),
        ["VOUCHER_HOME"] = settings.PathTo("home"),
        ["VOUCHER_RATE_SCALE"] = "1000", // All terminals of a run come from one address.
        ["VOUCHER_DEMO_PASSWORD"] = Password,
        ["ASPNETCORE_URLS"] = Address.ToString(),
        ["Logging__LogLevel__Default"] = "Warning",
    };

    public Task CommandAsync(params string[] arguments) =>
        OwnProcess.RunAsync(settings, settings.PathTo("commands.log"), ["dotnet", settings.Server, .. arguments], Environment);

    /// <summary>Starts it where it does not run; it need not come up.</summary>
    public void Launch()
    {
        if (Runs) return;
        _process?.Dispose();
        _process = OwnProcess.Start(settings, Log, ["dotnet", settings.Server, "serve"], Environment);
    }

    /// <summary>Starts it where it does not run, and waits until it is ready.</summary>
    public async Task StartAsync()
    {
        Launch();
        await Patience.UntilAsync($"{name} is ready", LongestStart, async () =>
        {
            if (!Runs) throw new InvalidOperationException($"{name} has ended by itself with {ExitCode}:\n{OwnProcess.Tail(Log)}");
            return await IsReadyAsync();
        });
    }

    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(Address, "/health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    public async Task KillAsync()
    {
        if (_process is null) return;
        await _process.KillAsync();
        _process.Dispose();
        _process = null;
    }

    public void Pause() => _process?.Send(Signal.Stop);

    public void Resume() => _process?.Send(Signal.Continue);

    public Task EndAsync(TimeSpan within) => _process?.EndAsync(within) ?? Task.CompletedTask;

    public void Dispose() => _process?.Dispose();
}
