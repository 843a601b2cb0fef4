namespace Voucher.Server.Operating;

/// <summary>The totals of the scans' meters at one moment.</summary>
/// <param name="Latencies">Scans at most as slow as the bound of the same position; the last: slower than all.</param>
public sealed record ScanSample(long At, long[] Latencies, IReadOnlyDictionary<string, long> Outcomes, long Batches, double BatchedScans, int QueueDepth);

/// <summary>What happened in the last minutes, from samples of running totals.</summary>
public sealed class ScanWindow
{
    /// <summary>Samples kept: five minutes at one every five seconds.</summary>
    public const int Length = 61;

    private readonly Queue<ScanSample> _samples = new(Length + 1);
    private readonly TimeProvider _clock;

    public ScanWindow(TimeProvider clock) => _clock = clock;

    public void Add(ScanSample sample)
    {
        _samples.Enqueue(sample);
        if (_samples.Count > Length) _samples.Dequeue();
    }

    public ScanFigures Figures()
    {
        var samples = _samples.ToArray();
        if (samples.Length == 0) return ScanFigures.None;
        var (first, last) = (samples[0], samples[^1]);
        var took = Between(first, last);
        var steps = samples.Zip(samples.Skip(1)).ToArray();
        var batches = last.Batches - first.Batches;
        return new ScanFigures(
            Milliseconds(took, 50), Milliseconds(took, 99),
            last.Outcomes.ToDictionary(pair => pair.Key, pair => pair.Value - first.Outcomes.GetValueOrDefault(pair.Key)),
            batches > 0 ? (last.BatchedScans - first.BatchedScans) / batches : null,
            [.. steps.Select(step => Between(step.First, step.Second).Sum() / Math.Max(0.001, _clock.GetElapsedTime(step.First.At, step.Second.At).TotalSeconds))],
            [.. steps.Select(step => Milliseconds(Between(step.First, step.Second), 99) ?? 0)],
            [.. samples.Select(sample => (double)sample.QueueDepth)]);
    }

    private static long[] Between(ScanSample from, ScanSample to) => [.. to.Latencies.Zip(from.Latencies, (later, earlier) => later - earlier)];

    /// <summary>The latency that <paramref name="percent"/> of the scans did not exceed, interpolated within its bucket; <c>null</c> without scans.</summary>
    public static double? Milliseconds(long[] buckets, int percent)
    {
        var wanted = buckets.Sum() * percent / 100.0;
        if (wanted <= 0) return null;
        double before = 0;
        for (var i = 0; i < Meters.SecondsBounds.Count; i++)
        {
            if (buckets[i] > 0 && before + buckets[i] >= wanted)
            {
                var low = i == 0 ? 0 : Meters.SecondsBounds[i - 1];
                return 1000 * (low + (Meters.SecondsBounds[i] - low) * (wanted - before) / buckets[i]);
            }
            before += buckets[i];
        }
        return 1000 * Meters.SecondsBounds[^1];
    }
}

/// <summary>Figures of the scans of the last five minutes.</summary>
/// <param name="P50">Milliseconds; <c>null</c> when there was no scan.</param>
/// <param name="BatchMean">Scans a transaction; <c>null</c> when none ran.</param>
/// <param name="Rates">Scans a second, oldest first; beside it the slowest hundredth in milliseconds and the queue.</param>
public sealed record ScanFigures(
    double? P50, double? P99, IReadOnlyDictionary<string, long> Outcomes, double? BatchMean,
    IReadOnlyList<double> Rates, IReadOnlyList<double> P99s, IReadOnlyList<double> Depths)
{
    public static readonly ScanFigures None = new(null, null, new Dictionary<string, long>(), null, [], [], []);
}
