using Voucher.Faults.Checking;
using Voucher.Faults.Network;
using Voucher.Faults.Services;

namespace Voucher.Faults.Injecting;

/// <summary>Does to the world what the schedule says.</summary>
public sealed class Injector(World world, Findings findings, TextWriter output)
{
    private const int MostLogFillers = 120;
    private static readonly TimeSpan LongestRefusal = TimeSpan.FromSeconds(30);

    /// <summary>How many faults were injected; those that cannot be made here do not count.</summary>
    public int Injected { get; private set; }

    /// <summary>All faults of a round, each at its time, to their ends.</summary>
    public Task RunAsync(PlannedRound round) => Task.WhenAll(round.Faults.Select(RunAsync));

    private async Task RunAsync(PlannedFault fault)
    {
        await Task.Delay(fault.StartsAtMs);
        if (fault.Kind is FaultKind.PowerCut or FaultKind.LogDiskFull or FaultKind.DataDiskFull && world.DisksAreMissing is { } why)
        {
            await output.WriteLineAsync($"  {fault.Kind}: skipped: {why}");
            return;
        }
        Injected++;
        await (fault.Kind.Strikes() switch
        {
            Struck.Server => StrikeServerAsync(fault, world.Servers[fault.Server]),
            Struck.Database => StrikeDatabaseAsync(fault),
            Struck.Redis => StrikeRedisAsync(fault),
            Struck.Line => Task.WhenAll(world.Lines.Select(line => DarkenAsync(line, fault))),
            Struck.Schema => StrikeSchemaAsync(fault, world.Servers[fault.Server]),
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "Unknown fault."),
        });
    }

    private static async Task StrikeServerAsync(PlannedFault fault, ServerProcess server)
    {
        if (fault.Kind == FaultKind.ServerPaused)
        {
            server.Pause();
            await Task.Delay(fault.LastsMs);
            server.Resume();
            return;
        }
        await server.KillAsync();
        await Task.Delay(fault.LastsMs);
        server.Launch();
    }

    private Task StrikeDatabaseAsync(PlannedFault fault) => fault.Kind switch
    {
        FaultKind.LogDiskFull or FaultKind.DataDiskFull => FillDiskAsync(fault),
        FaultKind.ClusterPaused => PauseClusterAsync(fault),
        FaultKind.BackendKilled => Now(world.Cluster.KillBackend),
        FaultKind.PostmasterKilled => BringDownAsync(fault, world.Cluster.KillPostmasterAsync),
        FaultKind.ClusterKilled => BringDownAsync(fault, world.Cluster.KillAllAsync),
        FaultKind.PowerCut => BringDownAsync(fault, world.Cluster.CutPowerAsync),
        _ => DarkenAsync(world.DatabaseLine, fault),
    };

    private async Task BringDownAsync(PlannedFault fault, Func<Task> bringDown)
    {
        await bringDown();
        await Task.Delay(fault.LastsMs);
        await world.Cluster.StartAsync();
    }

    private async Task PauseClusterAsync(PlannedFault fault)
    {
        world.Cluster.Pause();
        await Task.Delay(fault.LastsMs);
        world.Cluster.Resume();
    }

    /// <summary>A full log ends PostgreSQL; full data make statements fail.</summary>
    private async Task FillDiskAsync(PlannedFault fault)
    {
        var disk = fault.Kind == FaultKind.LogDiskFull ? world.Cluster.Wal : world.Cluster.Data;
        await disk.FillAsync();
        if (fault.Kind == FaultKind.LogDiskFull) await UseUpLogAsync();
        await Task.Delay(fault.LastsMs);
        disk.Free();
    }

    private async Task UseUpLogAsync()
    {
        try
        {
            for (var filler = 0; filler < MostLogFillers; filler++) await world.Store.UseUpLogAsync();
        }
        catch (Exception full) when (full is NpgsqlException or TimeoutException)
        {
            // As it should be.
        }
    }

    private async Task StrikeRedisAsync(PlannedFault fault)
    {
        var redis = world.Redis.Primary;
        switch (fault.Kind)
        {
            case FaultKind.RedisFlushed:
                await redis.TrySayAsync("FLUSHALL");
                break;
            case FaultKind.RedisPaused:
                redis.Pause();
                await Task.Delay(fault.LastsMs);
                redis.Resume();
                break;
            case FaultKind.RedisKilled or FaultKind.RedisEmptied:
                await (fault.Kind == FaultKind.RedisKilled ? redis.KillAsync() : redis.LoseAsync());
                await Task.Delay(fault.LastsMs);
                await redis.StartAsync();
                break;
            case FaultKind.StaleReplicaPromoted:
                await world.Redis.CutReplicaOffAsync();
                await Task.Delay(fault.LastsMs);
                await world.Redis.PromoteAsync();
                world.RedisLine.LeadTo(world.Redis.Primary.Port);
                break;
            default:
                await DarkenAsync(world.RedisLine, fault);
                break;
        }
    }

    private static async Task DarkenAsync(TcpProxy line, PlannedFault fault)
    {
        line.Turn(fault.Kind switch
        {
            FaultKind.LineSlow or FaultKind.DatabaseLineSlow or FaultKind.RedisLineSlow => Weather.Slow,
            FaultKind.LineCutBefore or FaultKind.DatabaseLineCutBefore => Weather.CutBefore,
            FaultKind.LineCutAfter or FaultKind.DatabaseLineCutAfter => Weather.CutAfter,
            FaultKind.LineHalfOpen or FaultKind.DatabaseLineHalfOpen or FaultKind.RedisLineHalfOpen => Weather.HalfOpen,
            FaultKind.LineDribbles => Weather.Dribble,
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "Not of a line."),
        });
        await Task.Delay(fault.LastsMs);
        line.Turn(Weather.Fair);
    }

    /// <summary>A server that meets a schema of another version must say so and end, never work on it by halves.</summary>
    private async Task StrikeSchemaAsync(PlannedFault fault, ServerProcess server)
    {
        await server.KillAsync();
        await (fault.Kind == FaultKind.SchemaNewer ? world.Store.AddUnknownMigrationAsync() : world.Store.HideNewestMigrationAsync());
        server.Launch();
        try
        {
            await Patience.UntilAsync("it ends or works", LongestRefusal, async () => !server.Runs || await server.IsReadyAsync());
            if (server.ExitCode is not > 0) findings.Violate("other-schema-is-refused", $"{fault.Kind}: {server.Name} serves, or ended with {server.ExitCode}");
        }
        catch (TimeoutException)
        {
            findings.Violate("other-schema-is-refused", $"{fault.Kind}: {server.Name} neither serves nor ends");
        }
        await server.KillAsync();
        await (fault.Kind == FaultKind.SchemaNewer ? world.Store.RemoveUnknownMigrationAsync() : world.Store.ShowNewestMigrationAsync());
    }

    private static Task Now(Action strike)
    {
        strike();
        return Task.CompletedTask;
    }
}
