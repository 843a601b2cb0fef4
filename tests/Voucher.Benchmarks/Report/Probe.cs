namespace Voucher.Benchmarks.Report;

internal enum Unit
{
    PerSecond = 1,
    Microseconds = 2,
}

/// <summary>Something that is measured, once a round.</summary>
/// <param name="Rounds">Only in the first so many rounds, of what takes long.</param>
internal sealed record Probe(string Name, Unit Unit, Func<Task<Sample>> Run, int Rounds = int.MaxValue)
{
    public List<Sample?> Samples { get; } = [];

    public bool IsMeasured => Samples.Any(sample => sample is not null);

    public double? Median => !IsMeasured ? null : Statistics.Median([.. Samples.OfType<Sample>().Select(sample => sample.Value)]);

    public CpuUse? Cpu => Samples.OfType<Sample>().Select(sample => sample.Cpu?.Per(sample.Operations)).OfType<CpuUse>().ToList() is { Count: > 0 } uses
        ? new CpuUse(
            Statistics.Median([.. uses.Select(use => use.Postgres)]), Statistics.Median([.. uses.Select(use => use.Server)]),
            Statistics.Median([.. uses.Select(use => use.Redis)]), Statistics.Median([.. uses.Select(use => use.Client)]))
        : null;

    public string? Note => Samples.OfType<Sample>().Select(sample => sample.Note).LastOrDefault(note => note is not null);
}

/// <summary>A measure beside its limit.</summary>
/// <param name="Aim">What the ratio is to reach; <c>null</c>: reported only.</param>
/// <param name="AtMost">Whether the aim is the most, not the least.</param>
internal sealed record Comparison(string Name, Probe Measured, Probe Beside, double? Aim, bool AtMost = false)
{
    /// <summary>The ratio of every round in which both were measured.</summary>
    public IReadOnlyList<double> Ratios =>
        [.. Measured.Samples.Zip(Beside.Samples).Where(pair => pair is { First: not null, Second: not null }).Select(pair => pair.First!.Value / pair.Second!.Value)];

    /// <summary><c>null</c>: it could not be measured.</summary>
    public double? Ratio => Ratios.Count == 0 ? null : Statistics.Median(Ratios);

    public bool? IsMet => Aim is { } aim && Ratio is { } ratio ? (AtMost ? ratio <= aim : ratio >= aim) : null;
}
