using Voucher.Faults.Checking;
using Voucher.Faults.County;
using Voucher.Faults.Network;
using Voucher.Faults.Services;

namespace Voucher.Faults;

/// <summary>
/// A county at work on this machine: PostgreSQL, Redis with a replica, two servers over both, and a proxy on every line
/// between them and before them.
/// </summary>
public sealed class World : IAsyncDisposable
{
    private const int DataMegabytes = 512;
    private const int LogMegabytes = 96;
    private const int CutOneRequestIn = 2;
    private const int CutOneStatementIn = 12;
    private static readonly TimeSpan LongestHealing = TimeSpan.FromSeconds(60);

    private readonly RunSettings _settings;
    private readonly NpgsqlDataSource _database;

    private World(RunSettings settings, int seed, PostgresCluster cluster, RedisPair redis)
    {
        (_settings, Cluster, Redis) = (settings, cluster, redis);
        DatabaseLine = new TcpProxy(cluster.Port, CutOneStatementIn, seed).Open();
        RedisLine = new TcpProxy(redis.Primary.Port, CutOneStatementIn, seed).Open();
        Servers = [.. Enumerable.Range(0, 2).Select(number => new ServerProcess(settings, $"server-{number}", DatabaseLine.Port, RedisLine.Port))];
        Lines = [.. Servers.Select(server => new TcpProxy(server.Port, CutOneRequestIn, seed).Open())];
        _database = NpgsqlDataSource.Create(PostgresCluster.AddressAt(cluster.Port, connections: 10));
        Store = new CountyStore(_database);
    }

    public PostgresCluster Cluster { get; }
    public RedisPair Redis { get; }
    public TcpProxy DatabaseLine { get; }
    public TcpProxy RedisLine { get; }
    public IReadOnlyList<ServerProcess> Servers { get; }

    /// <summary>From the terminals to each server.</summary>
    public IReadOnlyList<TcpProxy> Lines { get; }

    public CountyStore Store { get; }

    /// <summary>Past all proxies: for those who look, not for those who are looked at.</summary>
    public NpgsqlDataSource Database => _database;

    /// <param name="looseness">Settings of PostgreSQL that a mutant changes.</param>
    /// <param name="people">Registered by the server's own demo command.</param>
    public static async Task<World> StartAsync(RunSettings settings, int seed, int people, IReadOnlyList<string> looseness)
    {
        var cluster = new PostgresCluster(
            settings, await Disk.MakeAsync(settings, "data", DataMegabytes), await Disk.MakeAsync(settings, "log", LogMegabytes), looseness);
        var redis = new RedisPair(settings);
        var world = new World(settings, seed, cluster, redis);
        try
        {
            await Task.WhenAll(cluster.MakeAsync(), redis.StartAsync());
            await world.Servers[0].CommandAsync("migrate");
            await world.Servers[0].CommandAsync("keys", "init");
            await world.Servers[0].CommandAsync("demo", "--people", people.ToString(CultureInfo.InvariantCulture));
            await world.Store.WidenLimitsAsync();
            foreach (var server in world.Servers) await server.StartAsync();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Everything runs and every line is fair again; a server that was not killed but has ended is a finding.</summary>
    public async Task HealAsync(Findings findings)
    {
        foreach (var line in Lines.Append(DatabaseLine).Append(RedisLine)) line.Turn(Weather.Fair);
        Cluster.Data.Free();
        Cluster.Wal.Free();
        await Cluster.StartAsync();
        await Redis.StartAsync();
        foreach (var server in Servers)
        {
            if (server.ExitCode is { } code) findings.Violate("server-stays-up", $"{server.Name} ended by itself with {code}; its log is {server.Log}");
            server.Launch();
        }
        await Task.WhenAll(Servers.Select(server => server.StartAsync())).WaitAsync(LongestHealing);
    }

    /// <summary>Why disks can be neither filled nor cut off here; <c>null</c> when they can.</summary>
    public string? DisksAreMissing => Cluster.Data.Missing ?? Cluster.Wal.Missing;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers) server.Dispose();
        Redis.Dispose();
        foreach (var line in Lines.Append(DatabaseLine).Append(RedisLine)) line.Dispose();
        await _database.DisposeAsync();
        Cluster.Dispose();
        await Cluster.Data.UnmountAsync();
        await Cluster.Wal.UnmountAsync();
    }
}
