using Voucher.Core.Fraud;

namespace Voucher.Server.Fraud;

/// <summary>How far the windows in Redis can be relied on.</summary>
public enum GuardWarmth
{
    /// <summary>Redis does not answer, or there is none: suspicion is judged from PostgreSQL.</summary>
    Away = 0,

    /// <summary>Redis answers and is empty, restarted or another one; rebuilding has not begun.</summary>
    Cold = 1,

    /// <summary>The windows are being rebuilt, here or by another server; suspicion is judged from PostgreSQL.</summary>
    Warming = 2,

    /// <summary>The windows hold what the ledger of record holds.</summary>
    Warm = 3,
}

/// <summary>
/// The guard at one moment, for the operator. Counts are of this server since its start. What it said to scans is counted by
/// <see cref="Operating.Meters.GuardAnswered"/> only.
/// </summary>
/// <param name="Since">Since when it is as warm as it is.</param>
/// <param name="RebuiltFromScans">How many scans the last rebuilding by this server read.</param>
/// <param name="AskedPostgres">Scans that were judged from PostgreSQL, whether suspicious or for want of Redis.</param>
/// <param name="Held">
/// Holds that this server opened and alarms of bait, by reason: not answers. A scan that meets an open hold opens none, and a
/// scan judged after its answer may open one.
/// </param>
public sealed record GuardSnapshot(
    GuardWarmth Warmth, DateTimeOffset Since, DateTimeOffset? RebuiltAt, int RebuiltFromScans,
    long AskedPostgres, IReadOnlyDictionary<HoldReason, long> Held)
{
    public static Words Name(GuardWarmth warmth) => warmth switch
    {
        GuardWarmth.Away => new("Redis 不在，直接查数据库", "Redis is away; judged from PostgreSQL"),
        GuardWarmth.Cold => new("窗口为空，等待重建", "Cold: windows are to be rebuilt"),
        GuardWarmth.Warming => new("正在从数据库重建", "Warming up from PostgreSQL"),
        GuardWarmth.Warm => new("正常", "Warm"),
        _ => throw new ArgumentOutOfRangeException(nameof(warmth), warmth, "Unknown warmth."),
    };
}

/// <summary>What the guard has done and how it stands; safe from any thread.</summary>
public sealed class GuardState
{
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly Dictionary<HoldReason, long> _held = [];
    private GuardWarmth _warmth;
    private DateTimeOffset _since;
    private (DateTimeOffset At, int Scans)? _rebuilt;
    private long _askedPostgres;

    public GuardState(TimeProvider clock) => (_clock, _since) = (clock, clock.GetUtcNow());

    public GuardWarmth Warmth
    {
        get { lock (_gate) return _warmth; }
    }

    public GuardSnapshot Snapshot()
    {
        lock (_gate)
            return new GuardSnapshot(
                _warmth, _since, _rebuilt?.At, _rebuilt?.Scans ?? 0, Interlocked.Read(ref _askedPostgres), new Dictionary<HoldReason, long>(_held));
    }

    /// <summary>True when it was not so before.</summary>
    public bool Become(GuardWarmth warmth)
    {
        lock (_gate)
        {
            if (_warmth == warmth) return false;
            (_warmth, _since) = (warmth, _clock.GetUtcNow());
            return true;
        }
    }

    public void Rebuilt(int scans)
    {
        lock (_gate) _rebuilt = (_clock.GetUtcNow(), scans);
    }

    public void CountAskedPostgres() => Interlocked.Increment(ref _askedPostgres);

    /// <summary>One hold was opened, or the county was alarmed of bait once more.</summary>
    public void CountHeld(HoldReason reason)
    {
        lock (_gate) _held[reason] = _held.GetValueOrDefault(reason) + 1;
    }
}
