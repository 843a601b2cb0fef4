namespace Voucher.Terminal.Tests.Server;

/// <summary>The clocks of a machine for which time passes only when a test says so: one that can be set, and one that cannot.</summary>
internal sealed class MachineClock(DateTimeOffset begin) : TimeProvider
{
    private long _bootedAtMs = begin.ToUnixTimeMilliseconds();

    /// <summary>What the time really is: the server's.</summary>
    public DateTimeOffset Real { get; private set; } = begin;

    /// <summary>How far the machine's clock is ahead of it.</summary>
    public TimeSpan Ahead { get; set; }

    public Guid Boot { get; private set; } = Guid.NewGuid();

    public override long TimestampFrequency => 1000;

    public void Pass(TimeSpan time) => Real += time;

    /// <summary>Started anew: what elapsed before is not known any more.</summary>
    public void Reboot()
    {
        Boot = Guid.NewGuid();
        _bootedAtMs = Real.ToUnixTimeMilliseconds();
    }

    public override DateTimeOffset GetUtcNow() => Real + Ahead;

    public override long GetTimestamp() => Real.ToUnixTimeMilliseconds() - _bootedAtMs;
}
