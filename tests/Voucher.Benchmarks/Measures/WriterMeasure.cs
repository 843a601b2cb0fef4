using System.Diagnostics;
using Voucher.Benchmarks.Report;
using Voucher.Server.Redeeming;

namespace Voucher.Benchmarks.Measures;

/// <summary>The redemption engine in this process: real presented scans, no HTTP, no guard.</summary>
internal sealed class WriterMeasure(Arena arena, int callers)
{
    public async Task<Sample> RunAsync()
    {
        var deck = await arena.Decks.MakeAsync(arena.Scans, signed: false);
        var now = arena.Clock.GetUtcNow();
        PresentedScan[] scans = [.. Enumerable.Range(0, arena.Scans).Select(i => deck.Present(i, desk: i % callers, turn: i, now))];
        var engine = arena.County.Get<RedemptionEngine>();
        var ((accepted, elapsed), cpu) = await arena.ClockAsync(() => DriveAsync(engine, scans));
        await arena.CheckAsync($"writer, {callers} callers", deck, accepted, scans.Length);
        return new Sample(accepted / elapsed.TotalSeconds, accepted, cpu);
    }

    /// <summary>Every caller has one scan under way at a time and its own class.</summary>
    private async Task<(int Accepted, TimeSpan Elapsed)> DriveAsync(RedemptionEngine engine, PresentedScan[] scans)
    {
        var accepted = 0;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            for (var i = caller; i < scans.Length; i += callers)
            {
                var result = await engine.RedeemAsync(scans[i], isRepeat: false);
                if (result.Outcome is Outcome<ScanAnswer>.Done({ Accepted: true })) Interlocked.Increment(ref accepted);
            }
        })));
        return (accepted, Stopwatch.GetElapsedTime(start));
    }
}
