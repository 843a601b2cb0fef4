using Voucher.Simulation.Worlds;

namespace Voucher.Simulation.Storage;

internal enum StorageFault
{
    None,

    /// <summary>The connection breaks before anything is done.</summary>
    BreaksBefore,

    /// <summary>Done, but the answer is lost.</summary>
    BreaksAfter,

    /// <summary>No answer until the caller's limit for a statement; what was asked is done early, late or never.</summary>
    Hangs,

    /// <summary>Every call fails for a while.</summary>
    Away,

    /// <summary>Whatever touches one voucher fails for a while, and not in passing.</summary>
    Poison,

    /// <summary>Calls take half a second instead of milliseconds.</summary>
    Slow,
}

/// <summary>The connection broke or the storage is away: the same call may succeed a moment later.</summary>
internal sealed class StorageAwayException(string why) : Exception(why);

/// <summary>Nothing can be done with one voucher.</summary>
internal sealed class PoisonException() : Exception("This row cannot be touched.");

/// <summary>What goes wrong with the storage at present.</summary>
internal sealed class StorageFaults
{
    private readonly Dictionary<StorageFault, int> _nextCalls = [];
    private readonly HashSet<VoucherId> _poisoned = [];
    private readonly HashSet<VoucherId> _everPoisoned = [];
    private int _away;
    private int _slow;

    public int Injected { get; private set; }

    public bool IsSlow => _slow > 0;

    public void Strike(StorageFault fault, int calls) => _nextCalls[fault] = _nextCalls.GetValueOrDefault(fault) + calls;

    public void BeAway(World world, TimeSpan howLong)
    {
        _away++;
        world.After(howLong, () => _away--);
    }

    public void BeSlow(World world, TimeSpan howLong)
    {
        _slow++;
        Injected++;
        world.After(howLong, () => _slow--);
    }

    public void Poison(World world, VoucherId voucher, TimeSpan howLong)
    {
        _poisoned.Add(voucher);
        _everPoisoned.Add(voucher);
        world.After(howLong, () => _poisoned.Remove(voucher));
    }

    public bool WasPoisoned(VoucherId? voucher) => voucher is { } id && _everPoisoned.Contains(id);

    public void ThrowIfPoisoned(VoucherId? voucher)
    {
        if (voucher is not { } id || !_poisoned.Contains(id)) return;
        Injected++;
        throw new PoisonException();
    }

    /// <summary>The fate of the next call.</summary>
    public StorageFault Next(bool isWrite)
    {
        var fault = _away > 0 ? StorageFault.Away : Take(StorageFault.Hangs) ? StorageFault.Hangs
            : Take(StorageFault.BreaksBefore) ? StorageFault.BreaksBefore
            : isWrite && Take(StorageFault.BreaksAfter) ? StorageFault.BreaksAfter : StorageFault.None;
        if (fault != StorageFault.None) Injected++;
        return fault;
    }

    private bool Take(StorageFault fault)
    {
        if (_nextCalls.GetValueOrDefault(fault) == 0) return false;
        _nextCalls[fault]--;
        return true;
    }

    /// <summary>Nothing new goes wrong.</summary>
    public void Stop()
    {
        _nextCalls.Clear();
        _poisoned.Clear();
    }
}
