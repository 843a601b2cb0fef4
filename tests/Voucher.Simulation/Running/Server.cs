using Microsoft.Extensions.Logging.Abstractions;
using Voucher.Server.Redeeming;
using Voucher.Simulation.Oracles;
using Voucher.Simulation.Storage;
using Voucher.Simulation.Worlds;

namespace Voucher.Simulation.Running;

/// <summary>One life of one server: an engine of its own and a connection that dies with it.</summary>
internal sealed class ServerLife(World world, StorageConnection connection, EngineLimits limits)
{
    public RedemptionEngine Engine { get; } = new(new ScanBatchRunner(connection, world.Clock, NullLogger<ScanBatchRunner>.Instance), world.Clock, limits);

    /// <summary>Nothing of it is heard any more.</summary>
    public bool IsDead { get; private set; }

    public void Kill()
    {
        IsDead = true;
        connection.Cut();
    }

    /// <summary>Ends in order; then nothing may be left, and nothing may happen.</summary>
    public async Task<Finding?> DrainAsync()
    {
        await Engine.DrainAsync();
        if (IsDead) return null; // Killed meanwhile: it cannot have finished.
        if (Engine.UnderWay > 0) return new Finding("left after the drain", $"{Engine.UnderWay} scans are under way");
        if (Engine.Waiting > 0) return new Finding("left after the drain", $"{Engine.Waiting} scans wait");
        if (connection.InFlight > 0) return new Finding("left after the drain", $"{connection.InFlight} statements are under way");
        var calls = connection.Calls;
        await world.Wait(TimeSpan.FromSeconds(15));
        return connection.Calls == calls ? null : new Finding("left after the drain", "statements were sent after it");
    }
}

/// <summary>One of the servers over the same storage, through all its lives.</summary>
internal sealed class Server(World world, Ledger ledger, StorageFaults faults, EngineLimits limits, ulong seed, Action<Finding> report)
{
    private readonly Dice _dice = new(seed);

    /// <summary><c>null</c> while it is down.</summary>
    public ServerLife? Life { get; private set; }

    private bool _isDraining;

    /// <summary>How far its clock is from the true time.</summary>
    public TimeSpan Skew { get; init; }

    public void Start()
    {
        if (Life is not null) return;
        Life = new ServerLife(world, new StorageConnection(world, ledger, faults, new Dice(_dice.Next())), limits);
    }

    public void Kill(TimeSpan down)
    {
        if (Life is null) return;
        Life.Kill();
        Life = null;
        world.After(down, Start);
    }

    /// <summary>Whoever comes while it drains is told to come again.</summary>
    public async Task RestartAsync(TimeSpan down)
    {
        if (Life is not { } life || _isDraining) return;
        _isDraining = true;
        try
        {
            if (await life.DrainAsync() is { } finding) report(finding);
        }
        finally
        {
            _isDraining = false;
        }
        if (Life != life) return;
        Life = null;
        world.After(down, Start);
    }
}
