using System.Diagnostics;
using Voucher.Benchmarks.County;
using Voucher.Benchmarks.Report;
using Voucher.Benchmarks.Yardsticks;
using Voucher.Server.Redeeming;

namespace Voucher.Benchmarks.Measures;

/// <summary>The question to Redis whether a scan repeats another, from .NET and from Redis's own load generator.</summary>
internal sealed class RepeatMeasure(Arena arena)
{
    /// <summary>Questions under way at once, on one connection in both programs.</summary>
    private const int AtOnce = 256;

    /// <summary>Keys of the bench's questions are those of no voucher.</summary>
    private long _next = 1;

    private int Questions => arena.Options.Quick ? 40_000 : 200_000;

    public async Task<Sample> DotNetAsync()
    {
        var repeats = arena.County.Get<RepeatMemory>();
        var first = _next;
        _next += Questions;
        var scan = new ScanRequest(Guid.NewGuid(), 1, ScanMode.Enrol, 1, null, null, null, arena.Clock.GetUtcNow());
        var (elapsed, cpu) = await arena.ClockAsync(() => DriveAsync(repeats, first, scan));
        // A second question of another scan tells whether the first was taken: what came too late was left out.
        var lost = 0;
        for (var key = first; key < first + Questions; key += 1_000)
            if (!await repeats.IsRepeatAsync(new VoucherId(key), scan with { ScanId = Guid.NewGuid() })) lost++;
        return new Sample(Questions / elapsed.TotalSeconds, Questions, cpu, lost == 0 ? null : $"{lost} of {Questions / 1_000} looked at were left out");
    }

    private async Task<TimeSpan> DriveAsync(RepeatMemory repeats, long first, ScanRequest scan)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(caller => Task.Run(async () =>
        {
            for (long i = caller; i < Questions; i += AtOnce) await repeats.IsRepeatAsync(new VoucherId(first + i), scan);
        })));
        return Stopwatch.GetElapsedTime(start);
    }

    public async Task<Sample> RedisAsync()
    {
        var (perSecond, cpu) = await arena.ClockAsync(() => RedisBenchmark.RunAsync(arena.Options.Redis, Questions, AtOnce));
        return new Sample(perSecond, Questions, cpu);
    }
}
