namespace Voucher.Benchmarks.Report;

/// <summary>What one probe gave in one round.</summary>
/// <param name="Value">Operations a second, or microseconds, as the probe's unit says.</param>
/// <param name="Cpu">Processor time that each group of processes spent on it; <c>null</c> where it says nothing.</param>
/// <param name="Note">What must be known to read the number, such as a size that a quick run has made smaller.</param>
internal sealed record Sample(double Value, long Operations, CpuUse? Cpu = null, string? Note = null);

/// <summary>Processor time in microseconds, by group of processes.</summary>
internal sealed record CpuUse(double Postgres, double Server, double Redis, double Client)
{
    public CpuUse Per(long operations) =>
        new(Postgres / operations, Server / operations, Redis / operations, Client / operations);

    public static CpuUse operator -(CpuUse after, CpuUse before) => new(
        after.Postgres - before.Postgres, after.Server - before.Server, after.Redis - before.Redis, after.Client - before.Client);
}
