namespace Voucher.Faults.Services;

/// <summary>A Redis and its replica; which of them is asked may change.</summary>
public sealed class RedisPair(RunSettings settings) : IDisposable
{
    private RedisServer _primary = new(settings, "redis-a");
    private RedisServer _replica = new(settings, "redis-b");

    public RedisServer Primary => _primary;

    /// <summary>Starts whichever is down.</summary>
    public async Task StartAsync()
    {
        await _primary.StartAsync();
        await _replica.StartAsync(_primary.Port);
    }

    /// <summary>From now on the replica hears nothing more.</summary>
    public Task CutReplicaOffAsync() => _replica.TrySayAsync("REPLICAOF NO ONE");

    /// <summary>The primary dies; the replica, with what it had when it was cut off, takes its place.</summary>
    public async Task PromoteAsync()
    {
        await _primary.LoseAsync();
        (_primary, _replica) = (_replica, _primary);
    }

    public void Dispose()
    {
        _primary.Dispose();
        _replica.Dispose();
    }
}
