using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;

namespace Voucher.Server.Operating;

public enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>What has been measured by one instrument, for each set of labels.</summary>
public sealed class MetricPage
{
    /// <summary>Sets of labels of one instrument; what comes beyond is counted under no label.</summary>
    public const int MostSeries = 500;

    private static readonly KeyValuePair<string, object?>[] Overflow = [new("overflow", "true")];
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series> _series = new(TagComparer.Instance);
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _lookup;
    private readonly bool _isTotal;
    private readonly bool _isOfPool;

    public MetricPage(Instrument instrument)
    {
        Instrument = instrument;
        _isOfPool = instrument.Meter.Name == "Npgsql";
        var type = instrument.GetType().GetGenericTypeDefinition();
        (Kind, _isTotal) = type switch
        {
            _ when type == typeof(Histogram<>) => (MetricKind.Histogram, false),
            _ when type == typeof(Counter<>) => (MetricKind.Counter, false),
            _ when type == typeof(ObservableCounter<>) => (MetricKind.Counter, true),
            _ when type == typeof(UpDownCounter<>) => (MetricKind.Gauge, false),
            _ => (MetricKind.Gauge, true),
        };
        Bounds = Kind == MetricKind.Histogram ? BoundsOf(instrument) : [];
        _lookup = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    public Instrument Instrument { get; }
    public MetricKind Kind { get; }
    public double[] Bounds { get; }
    public IEnumerable<KeyValuePair<KeyValuePair<string, object?>[], Series>> All => _series;

    /// <summary>Allocates only when a set of labels is seen for the first time.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_isOfPool && !IsOfOwnPool(tags)) return;
        if (!_lookup.TryGetValue(tags, out var series)) series = SeriesOf(tags);
        if (Kind == MetricKind.Histogram) series.Put(value);
        else if (_isTotal) series.Set(value);
        else series.Add(value);
    }

    /// <summary>A pool without a name would be labelled with its connection string.</summary>
    private static bool IsOfOwnPool(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (key, value) in tags)
            if (key == "db.client.connection.pool.name" && value is string name && name.StartsWith(ServerComposition.DataSourceName, StringComparison.Ordinal)) return true;
        return false;
    }

    private Series SeriesOf(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _series.GetOrAdd(_series.Count < MostSeries ? tags.ToArray() : Overflow, _ => new Series(Bounds));

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => [.. Meters.SecondsBounds],
    };

    /// <summary>Finds a series by the labels as they are passed, without making an array of them.</summary>
    private sealed class TagComparer :
        IEqualityComparer<KeyValuePair<string, object?>[]>,
        IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, KeyValuePair<string, object?>[]>
    {
        public static readonly TagComparer Instance = new();

        public bool Equals(KeyValuePair<string, object?>[]? x, KeyValuePair<string, object?>[]? y) => Equals(x.AsSpan(), y!);

        public int GetHashCode([DisallowNull] KeyValuePair<string, object?>[] tags) => GetHashCode(tags.AsSpan());

        public KeyValuePair<string, object?>[] Create(ReadOnlySpan<KeyValuePair<string, object?>> tags) => tags.ToArray();

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> tags, KeyValuePair<string, object?>[] other)
        {
            if (tags.Length != other.Length) return false;
            for (var i = 0; i < tags.Length; i++)
                if (!string.Equals(tags[i].Key, other[i].Key, StringComparison.Ordinal) || !Equals(tags[i].Value, other[i].Value)) return false;
            return true;
        }

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var hash = new HashCode();
            foreach (var (key, value) in tags)
            {
                hash.Add(key, StringComparer.Ordinal);
                hash.Add(value);
            }
            return hash.ToHashCode();
        }
    }
}
