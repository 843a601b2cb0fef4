using System.Diagnostics.Metrics;
using Voucher.Server.Fraud;

namespace Voucher.Server.Operating;

/// <summary>
/// The server's own instruments, all of the meter <c>Voucher</c>. Recording allocates nothing and never fails; what is
/// recorded is read at <c>/metrics</c>, by the operator's page, and over OTLP where that is switched on.
/// </summary>
/// <remarks>Labels hold only names of this program's own enums, so their number is bounded and no personal data can be in them.</remarks>
public sealed class Meters
{
    public const string Name = "Voucher";

    /// <summary>Upper bounds of the latency's buckets, in seconds.</summary>
    public static readonly IReadOnlyList<double> SecondsBounds =
        [0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly IReadOnlyList<double> SizeBounds = [1, 2, 4, 8, 16, 32, 64, 96, 128, 192, 256, 512];

    private readonly Histogram<double> _scans;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _repeats;
    private readonly Counter<long> _signatureFailures;
    private readonly Histogram<int> _batches;
    private readonly Counter<long> _guardAnswers;
    private readonly UpDownCounter<long> _hubConnections;
    private readonly Counter<long> _badInputs;
    private readonly Counter<long> _limited;
    private readonly Counter<long> _slowStatements;
    private readonly Counter<long> _uploads;
    private readonly Counter<long> _uploadedBytes;

    private Func<int> _queueDepth = static () => 0;
    private Func<int> _guardState = static () => 0;
    private Func<bool> _redisUp = static () => false;
    private Func<bool> _breakerOpen = static () => false;
    private int _blocked;

    public Meters(IMeterFactory factory)
    {
        var meter = factory.Create(Name);
        _scans = meter.CreateHistogram<double>("voucher.scan.duration", "s", "Time from a scan's arrival to its answer, by outcome", advice: new() { HistogramBucketBoundaries = SecondsBounds });
        _refusals = meter.CreateCounter<long>("voucher.scan.refusals", description: "Scans that were refused, by the refusal's name");
        _repeats = meter.CreateCounter<long>("voucher.scan.repeats", description: "Scans whose voucher another scan had presented a moment ago, or whose id had been answered before");
        _signatureFailures = meter.CreateCounter<long>("voucher.scan.signature_failures", description: "Tokens whose region, key or signature did not hold, by reason");
        _batches = meter.CreateHistogram<int>("voucher.scan.batch.size", description: "Scans that one transaction of the writer decided", advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [.. SizeBounds.Select(bound => (int)bound)] });
        _guardAnswers = meter.CreateCounter<long>("voucher.guard.answers", description: "What the guard against abuse said, by outcome");
        _hubConnections = meter.CreateUpDownCounter<long>("voucher.hub.connections", description: "Open hub connections, by hub");
        _badInputs = meter.CreateCounter<long>("voucher.bad_inputs", description: "What no honest peer sends, by kind");
        _limited = meter.CreateCounter<long>("voucher.limited_requests", description: "Requests and hub messages over a rate limit, by limit");
        _slowStatements = meter.CreateCounter<long>("voucher.database.slow_statements", description: "Statements that were seen running longer than the operator's bound");
        _uploads = meter.CreateCounter<long>("voucher.uploads", description: "Files taken in");
        _uploadedBytes = meter.CreateCounter<long>("voucher.uploaded", "By", "Bytes of the files taken in");
        meter.CreateObservableGauge("voucher.scan.queue.depth", () => _queueDepth(), description: "Scans that wait for the writer");
        meter.CreateObservableGauge("voucher.scan.queue.capacity", () => QueueCapacity, description: "Scans that may wait; beyond it a scan is told to try again");
        meter.CreateObservableGauge("voucher.guard.state", () => _guardState(), description: "Guard against abuse: 0 away, 1 cold, 2 being rebuilt, 3 warm");
        meter.CreateObservableGauge("voucher.redis.up", () => _redisUp() ? 1 : 0, description: "1 while this server is connected to Redis");
        meter.CreateObservableGauge("voucher.redis.breaker_open", () => _breakerOpen() ? 1 : 0, description: "1 while Redis is left alone after failures");
        meter.CreateObservableGauge("voucher.database.blocked_sessions", () => Volatile.Read(ref _blocked), description: "Sessions of the database that wait for another's lock");
    }

    /// <summary>How many scans may wait; 0 while nothing has said.</summary>
    public int QueueCapacity { get; private set; }

    public int QueueDepth => _queueDepth();

    /// <summary>One scan has its answer.</summary>
    public void ScanAnswered(TimeSpan took, ScanMark mark, RefusalCode refusal = RefusalCode.None)
    {
        _scans.Record(took.TotalSeconds, Labels<ScanMark>.Of("outcome", mark));
        if (refusal == RefusalCode.None) return;
        _refusals.Add(1, Labels<RefusalCode>.Of("refusal", refusal));
        if (mark == ScanMark.Forged) _signatureFailures.Add(1, Labels<RefusalCode>.Of("reason", refusal));
    }

    public void ScanRepeated() => _repeats.Add(1);

    public void BatchWritten(int scans) => _batches.Record(scans);

    /// <summary>
    /// The guard's answer to one scan. Held: a hold was in force, this scan's or an older one; how many holds were opened
    /// says <see cref="GuardSnapshot.Held"/>.
    /// </summary>
    public void GuardAnswered(GuardOutcome outcome) => _guardAnswers.Add(1, Labels<GuardOutcome>.Of("outcome", outcome));

    public void HubOpened(string hub) => _hubConnections.Add(1, new KeyValuePair<string, object?>("hub", hub));

    public void HubClosed(string hub) => _hubConnections.Add(-1, new KeyValuePair<string, object?>("hub", hub));

    public void BadInput(BadInputKind kind) => _badInputs.Add(1, Labels<BadInputKind>.Of("kind", kind));

    public void Limited(string limit) => _limited.Add(1, new KeyValuePair<string, object?>("limit", limit));

    public void SlowStatements(int count) => _slowStatements.Add(count);

    public void Blocked(int sessions) => Volatile.Write(ref _blocked, sessions);

    public void Uploaded(long bytes)
    {
        _uploads.Add(1);
        _uploadedBytes.Add(bytes);
    }

    /// <summary>Tells where the queue's depth is to be read, and how many may wait.</summary>
    public void ObserveQueue(Func<int> depth, int capacity) => (_queueDepth, QueueCapacity) = (depth, capacity);

    /// <param name="state">The number of <see cref="Fraud.GuardWarmth"/>.</param>
    public void ObserveGuard(Func<int> state) => _guardState = state;

    public void ObserveRedis(Func<bool> isUp, Func<bool> isBreakerOpen) => (_redisUp, _breakerOpen) = (isUp, isBreakerOpen);
}
