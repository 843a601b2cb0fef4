namespace Voucher.Server.Operating;

/// <summary>The running totals of one instrument under one set of labels. Written by many threads without a lock.</summary>
/// <param name="bounds">Upper bounds of a histogram's buckets; empty for anything else.</param>
public sealed class Series(double[] bounds)
{
    private readonly long[] _buckets = new long[bounds.Length + 1];
    private double _value;

    /// <summary>Sum of a histogram or counter; present value of a gauge.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <summary>Measurements at most the bound of the same position; the last: beyond every bound.</summary>
    public long[] Buckets() => [.. _buckets.Select((_, i) => Interlocked.Read(ref _buckets[i]))];

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double value)
    {
        var seen = Volatile.Read(ref _value);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref _value, seen + value, seen);
            if (before.Equals(seen)) return;
            seen = before;
        }
    }

    public void Put(double value)
    {
        var at = 0;
        while (at < bounds.Length && value > bounds[at]) at++;
        Interlocked.Increment(ref _buckets[at]);
        Add(value);
    }
}
