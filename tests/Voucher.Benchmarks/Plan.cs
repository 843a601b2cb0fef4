using System.Globalization;
using Voucher.Benchmarks.County;
using Voucher.Benchmarks.Measures;
using Voucher.Benchmarks.Report;

namespace Voucher.Benchmarks;

/// <summary>Which measures stand beside which limits, and the run through all of them.</summary>
internal sealed class Plan : IAsyncDisposable
{
    private readonly Arena _arena;
    private readonly IReadOnlyList<Comparison> _comparisons;

    /// <summary>Probes that need a run before they count: the runtime compiles what is used most.</summary>
    private readonly HashSet<Probe> _warmed;
    private readonly IReadOnlyList<IAsyncDisposable> _owned;

    public Plan(Arena arena)
    {
        _arena = arena;
        var (pgbench, server, memory, token) = (new PgBenchMeasure(arena), new ServerMeasure(arena), new RepeatMeasure(arena), new TokenMeasure(arena));
        // What takes seconds is measured once in a quick run.
        var slow = arena.Options.Quick ? 1 : int.MaxValue;
        Probe single = new("pgbench, single scans, 64 clients", Unit.PerSecond, () => pgbench.SingleAsync(64));
        Probe batches = new("pgbench, batches of 128, 4 clients", Unit.PerSecond, () => pgbench.BatchAsync(4, 128));
        Probe pgbenchAlone = new("pgbench, 1 client, p50", Unit.Microseconds, pgbench.AloneAsync);
        Probe writer64 = new("writer, 64 callers", Unit.PerSecond, new WriterMeasure(arena, 64).RunAsync);
        Probe writer256 = new("writer, 256 callers", Unit.PerSecond, new WriterMeasure(arena, 256).RunAsync);
        Probe http = new("HTTP, tokens known", Unit.PerSecond, () => server.HttpAsync(known: true));
        Probe signed = new("HTTP, tokens new", Unit.PerSecond, () => server.HttpAsync(known: false));
        Probe hub = new("hub", Unit.PerSecond, server.HubAsync);
        Probe repeats = new("HTTP, 90% repeats", Unit.PerSecond, server.RepeatsAsync);
        Probe alone = new("HTTP, one scan alone, p50", Unit.Microseconds, server.AloneAsync);
        Probe dotnetMemory = new("memory of repeats from .NET", Unit.PerSecond, memory.DotNetAsync);
        Probe redis = new("redis-benchmark, pipelined", Unit.PerSecond, memory.RedisAsync);
        Probe firstSight = new("verify, key known", Unit.PerSecond, token.FirstSightAsync);
        Probe known = new("verify, token known", Unit.PerSecond, token.KnownAsync);
        var (small, large) = (new TableSizeMeasure(arena, BenchCounty.SmallDatabase, arena.Options.SmallTable), new TableSizeMeasure(arena, BenchCounty.LargeDatabase, arena.Options.LargeTable));
        Probe smallTable = new(SizeOf(arena.Options.SmallTable), Unit.Microseconds, small.RunAsync);
        Probe largeTable = new(SizeOf(arena.Options.LargeTable), Unit.Microseconds, large.RunAsync);
        var office = new IssuingOffice(arena.County, BenchCounty.IssuingDatabase);
        var issuing = new IssuingMeasure(arena, office);
        Probe issue = new("issuing", Unit.PerSecond, issuing.IssueAsync);
        Probe signing = new("openssl speed, sign, all cores", Unit.PerSecond, IssuingMeasure.SigningAsync, Rounds: slow);
        Probe print = new("printing", Unit.PerSecond, issuing.PrintAsync, Rounds: 1);
        Probe codes = new("QR codes alone, all cores", Unit.PerSecond, issuing.CodesAsync, Rounds: 1);
        var badInput = new BadInputMeasure(arena);
        Probe quiet = new("the same when quiet", Unit.Microseconds, badInput.QuietAsync, Rounds: slow);
        Probe attacked = new("under bad input", Unit.Microseconds, badInput.AttackedAsync, Rounds: slow);
        Probe openssl = new("openssl speed, verify, 1 core", Unit.PerSecond, TokenMeasure.OpenSslAsync, Rounds: slow);
        Comparison[] all =
        [
            new("group writer, 64 callers", writer64, single, 2),
            new("group writer, 256 callers", writer256, single, 3),
            new("group writer, 256 callers, by batches", writer256, batches, 0.7),
            new("scan over HTTP with guard, tokens known, 64 connections", http, single, 1),
            new("scan over HTTP with guard and signature, 64 connections", signed, single, 0.8),
            new("scan over the hub, 8 connections × 16 in flight, tokens known", hub, single, 1.5),
            new("90% repeats over HTTP", repeats, http, 1.7),
            new("one scan alone over HTTP with signature, p50", alone, pgbenchAlone, 2, AtMost: true),
            new("honest scan over HTTP under bad input, p99", attacked, quiet, 2, AtMost: true),
            new($"one scan in process, {SizeOf(arena.Options.LargeTable)}, p50", largeTable, smallTable, 1.2, AtMost: true),
            new(string.Create(CultureInfo.InvariantCulture, $"issue {arena.Options.Issued:N0} vouchers (sign and write)"), issue, signing, 0.8),
            new("print vouchers to PDF", print, codes, null),
            new("memory of repeats from .NET, 256 at once", dotnetMemory, redis, 0.75),
            new("read and verify a token, key known, 1 core", firstSight, openssl, null),
            new("read a token verified before, 1 core", known, openssl, null),
        ];
        _comparisons = [.. all.Where(line => arena.Options.Only is not { } only || line.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];
        _warmed = [writer64, writer256, http, signed, hub, repeats, alone, dotnetMemory, firstSight, known, smallTable, largeTable, issue, quiet];
        _owned = [small, large, badInput, office];
    }

    private static string SizeOf(int vouchers) => string.Create(CultureInfo.InvariantCulture, $"table of {vouchers:N0}");

    public async Task<RunReport> RunAsync()
    {
        if (_comparisons.Count == 0) throw new ArgumentException("No measure has such a name.");
        // In the order in which they are first needed, so that a measure stands near its limit.
        Probe[] probes = [.. _comparisons.SelectMany(line => new[] { line.Measured, line.Beside }).Distinct()];
        await WarmUpAsync(probes);
        var noise = await Rounds.RunAsync(probes, _arena.Options.Rounds, SettleAsync, _arena.Broken.Add);
        return new RunReport(
            _arena.Clock.GetUtcNow(), _arena.Options.Quick ? "quick" : "full", Machine.Processor(), Environment.ProcessorCount, Machine.MemoryGigabytes(),
            await _arena.County.Store.VersionAsync(), noise, _comparisons, _arena.Broken);
    }

    private async Task WarmUpAsync(IEnumerable<Probe> probes)
    {
        _arena.IsWarmingUp = true;
        Probe[] warmed = [.. probes.Where(_warmed.Contains)];
        // The compiler goes on making hot code faster for some tens of thousands of scans.
        for (var pass = 0; pass < _arena.Options.WarmUps; pass++)
            foreach (var probe in warmed) await Rounds.TryAsync(probe, _arena.Broken.Add);
        _arena.IsWarmingUp = false;
    }

    private async Task<Noise> SettleAsync()
    {
        await _arena.County.Store.SettleAsync();
        return new Noise(Machine.Load(), Machine.SyncMicroseconds(_arena.Options.Work));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in _owned) await owned.DisposeAsync();
    }
}
