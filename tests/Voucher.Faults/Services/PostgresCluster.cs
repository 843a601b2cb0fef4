using Voucher.Faults.Processes;

namespace Voucher.Faults.Services;

/// <summary>A PostgreSQL of this run alone, as durable as in a county, with its log of changes on a disk of its own.</summary>
/// <param name="looseness">Settings that a mutant changes; empty for the true one.</param>
public sealed class PostgresCluster(RunSettings settings, Disk data, Disk wal, IReadOnlyList<string> looseness) : IDisposable
{
    private const string Role = "voucher";
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(30);

    private static readonly IReadOnlyList<string> Settings =
    [
        "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=120", "shared_buffers=64MB",
        "fsync=on", "synchronous_commit=on", "full_page_writes=on", "restart_after_crash=on",
        // Small, so that a full disk is soon felt, and checkpoints happen within a run.
        "min_wal_size=8MB", "max_wal_size=24MB", "checkpoint_timeout=30s", "autovacuum_naptime=10s",
    ];

    private OwnProcess? _postmaster;

    public int Port { get; } = FreePort.Find();
    public Disk Data => data;
    public Disk Wal => wal;

    public bool Runs => _postmaster is { HasEnded: false };

    private string Folder => Path.Combine(data.Folder, "postgres");

    /// <param name="port">Its own, or that of a proxy before it.</param>
    public static string AddressAt(int port, string database = "voucher", int connections = 30) => string.Create(
        CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={port};Username={Role};Database={database};Maximum Pool Size={connections};Timeout=3;Command Timeout=5");

    public async Task MakeAsync()
    {
        await RunAsync(
            "initdb", "-D", Folder, "-X", Path.Combine(wal.Folder, "wal"), "--wal-segsize=4", "-U", Role, "-A", "trust", "--locale=C", "--encoding=UTF8");
        await StartAsync();
        await using var connection = new NpgsqlConnection(AddressAt(Port, "postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await connection.ExecuteAsync("create database voucher");
    }

    /// <summary>Starts it where it does not run, and waits until it takes changes.</summary>
    public async Task StartAsync()
    {
        for (var tries = 0; ; tries++)
        {
            if (!Runs) Launch();
            try
            {
                await Patience.UntilAsync("PostgreSQL takes changes", LongestStart, TakesChangesAsync);
                return;
            }
            // One that ends while it starts has met the remains of the crash; the next finds them gone.
            catch (InvalidOperationException) when (tries < 3) { }
        }
    }

    private void Launch()
    {
        _postmaster?.Dispose();
        _postmaster = OwnProcess.Start(
            settings, settings.PathTo("postgres.log"),
            [
                Path.Combine(settings.PostgresPrograms, "postgres"), "-D", Folder, "-p", Port.ToString(CultureInfo.InvariantCulture),
                .. Settings.Concat(looseness).SelectMany(setting => new[] { "-c", setting }),
            ],
            asService: true);
    }

    private async Task<bool> TakesChangesAsync()
    {
        if (!Runs) throw new InvalidOperationException($"PostgreSQL has ended:\n{OwnProcess.Tail(_postmaster!.Log)}");
        try
        {
            await using var connection = new NpgsqlConnection(AddressAt(Port, "postgres") + ";Pooling=false");
            await connection.OpenAsync();
            return await connection.ExecuteScalarAsync<bool>("select not pg_is_in_recovery()");
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>One backend of the server's; PostgreSQL then ends them all and recovers.</summary>
    public void KillBackend()
    {
        var backend = Backends().FirstOrDefault(process => process.Title.Contains($"{Role} voucher ", StringComparison.Ordinal)).Id;
        if (backend > 0) Signals.Send(backend, Signal.Kill);
    }

    /// <summary>The postmaster alone; its children see that they are orphans and go.</summary>
    public async Task KillPostmasterAsync()
    {
        var children = Backends();
        if (_postmaster is not null) await _postmaster.KillAsync();
        await WaitForEndAsync(children);
    }

    /// <summary>All of it at once, so that nothing is written after the first has gone.</summary>
    public async Task KillAllAsync()
    {
        if (!Runs) return;
        var children = Pause();
        foreach (var child in children) Signals.Send(child.Id, Signal.Kill);
        await _postmaster!.KillAsync();
        await WaitForEndAsync(children);
    }

    /// <summary>The postmaster stands still first, so that no new child escapes.</summary>
    /// <returns>The children, which stand still too.</returns>
    public IReadOnlyList<(int Id, string Title)> Pause()
    {
        _postmaster?.Send(Signal.Stop);
        var children = Backends();
        foreach (var child in children) Signals.Send(child.Id, Signal.Stop);
        return children;
    }

    public void Resume()
    {
        foreach (var child in Backends()) Signals.Send(child.Id, Signal.Continue);
        _postmaster?.Send(Signal.Continue);
    }

    /// <summary>The disks lose what they had not flushed, and the processes end.</summary>
    public async Task CutPowerAsync()
    {
        Pause();
        await wal.CopyDeviceAsync();
        await data.CopyDeviceAsync();
        await KillAllAsync();
        await wal.ComeBackAsync();
        await data.ComeBackAsync();
    }

    public void Dispose()
    {
        if (Runs)
        {
            foreach (var child in Pause()) Signals.Send(child.Id, Signal.Kill);
        }
        _postmaster?.Dispose();
    }

    private IReadOnlyList<(int Id, string Title)> Backends() => _postmaster is null ? [] : Descendants.Of(_postmaster.Id);

    private static Task WaitForEndAsync(IReadOnlyList<(int Id, string Title)> processes) => Patience.UntilAsync(
        "PostgreSQL's children have ended", LongestEnd, () => Task.FromResult(!processes.Any(process => Directory.Exists($"/proc/{process.Id}"))));

    private Task RunAsync(string program, params string[] arguments) => OwnProcess.RunAsync(
        settings, settings.PathTo("postgres.log"), [Path.Combine(settings.PostgresPrograms, program), .. arguments], asService: true);
}
