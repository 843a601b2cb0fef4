namespace Voucher.Simulation.Oracles;

/// <summary>Something that must never be.</summary>
internal sealed record Finding(string Rule, string What)
{
    public override string ToString() => $"{Rule}: {What}";
}

internal sealed class FindingException(string rule, string what) : Exception($"{rule}: {what}")
{
    public Finding Finding { get; } = new(rule, what);
}
