using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Voucher.Core.Refusals;
using Voucher.Server.Operating;

namespace Voucher.Server.Tests.Operating;

/// <summary>The exposition format to the letter, and that recording costs no memory.</summary>
public sealed class PrometheusTextTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MetricBook _book;

    public PrometheusTextTests() => _book = new MetricBook(_services.GetRequiredService<IMeterFactory>());

    private Meter NewMeter() => _services.GetRequiredService<IMeterFactory>().Create(Meters.Name);

    private string Text(string family) => string.Concat(PrometheusText.Write(_book.Read()).Split('\n')
        .Where(line => line.Contains(family, StringComparison.Ordinal)).Select(line => line + "\n"));

    [Fact]
    public void A_counter_is_a_total_with_its_labels_in_order()
    {
        var counter = NewMeter().CreateCounter<long>("test.things.done", description: "Things\ndone \\ here");
        counter.Add(2, new KeyValuePair<string, object?>("kind", "b"));
        counter.Add(1, new KeyValuePair<string, object?>("kind", "a \"quoted\" \\ \n"));
        counter.Add(3, new KeyValuePair<string, object?>("kind", "b"));
        Assert.Equal("""
            # HELP test_things_done_total Things\ndone \\ here
            # TYPE test_things_done_total counter
            test_things_done_total{kind="a \"quoted\" \\ \n"} 1
            test_things_done_total{kind="b"} 5

            """.ReplaceLineEndings("\n"), Text("test_things_done"));
    }

    [Fact]
    public void A_histogram_has_growing_buckets_up_to_infinity_a_sum_and_a_count()
    {
        var histogram = NewMeter().CreateHistogram<double>("test.took", "s", "How long", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1] });
        foreach (var value in new[] { 0.25, 0.5, 0.75, 4 }) histogram.Record(value, new KeyValuePair<string, object?>("way", "rest"));
        Assert.Equal("""
            # HELP test_took_seconds How long
            # TYPE test_took_seconds histogram
            test_took_seconds_bucket{way="rest",le="0.5"} 2
            test_took_seconds_bucket{way="rest",le="1"} 3
            test_took_seconds_bucket{way="rest",le="+Inf"} 4
            test_took_seconds_sum{way="rest"} 5.5
            test_took_seconds_count{way="rest"} 4

            """.ReplaceLineEndings("\n"), Text("test_took"));
    }

    [Fact]
    public void Gauges_say_what_they_see_now_and_counts_up_and_down_are_gauges()
    {
        var meter = NewMeter();
        var seen = 3.5;
        meter.CreateObservableGauge("test.level", () => seen, "By");
        meter.CreateUpDownCounter<int>("test.open").Add(2);
        Assert.Contains("test_level_bytes 3.5\n", Text("test_level"));
        seen = double.PositiveInfinity;
        Assert.Contains("test_level_bytes +Inf\n", Text("test_level"));
        Assert.Equal("# HELP test_open \n# TYPE test_open gauge\ntest_open 2\n", Text("test_open"));
    }

    [Fact]
    public void Labels_beyond_the_limit_are_counted_together()
    {
        var counter = NewMeter().CreateCounter<int>("test.many");
        for (var i = 0; i < MetricPage.MostSeries + 50; i++) counter.Add(1, new KeyValuePair<string, object?>("n", i));
        Assert.Contains("test_many_total{overflow=\"true\"} 50\n", Text("test_many"));
    }

    [Fact]
    public void Recording_a_scan_allocates_nothing()
    {
        var meters = new Meters(_services.GetRequiredService<IMeterFactory>());
        void Record()
        {
            meters.ScanAnswered(TimeSpan.FromMilliseconds(3), ScanMark.Accepted);
            meters.ScanAnswered(TimeSpan.FromMilliseconds(3), ScanMark.Forged, RefusalCode.SignatureFalse);
            meters.BatchWritten(17);
            meters.ScanRepeated();
            meters.BadInput(BadInputKind.Replayed);
        }
        for (var i = 0; i < 1_000; i++) Record();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) Record();
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(bytes < 10_000, $"{bytes} bytes for 10,000 rounds");
        Assert.Contains("voucher_scan_duration_seconds_count{outcome=\"Accepted\"} 11000\n", Text("voucher_scan_duration"));
        Assert.Contains("voucher_scan_signature_failures_total{reason=\"SignatureFalse\"} 11000\n", Text("signature_failures"));
    }

    [Fact]
    public void A_percentile_lies_within_the_bucket_that_holds_it()
    {
        var buckets = new long[Meters.SecondsBounds.Count + 1];
        Assert.Null(ScanWindow.Milliseconds(buckets, 50));
        buckets[1] = 99; // 0.5 to 1 ms
        buckets[^1] = 1;
        Assert.InRange(ScanWindow.Milliseconds(buckets, 50)!.Value, 0.5, 1);
        Assert.InRange(ScanWindow.Milliseconds(buckets, 99)!.Value, 0.5, 1);
        buckets[^1] = 100;
        Assert.Equal(10_000, ScanWindow.Milliseconds(buckets, 99));
    }

    public void Dispose()
    {
        _book.Dispose();
        _services.Dispose();
    }
}
