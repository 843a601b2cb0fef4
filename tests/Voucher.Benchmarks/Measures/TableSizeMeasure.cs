using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Voucher.Benchmarks.County;
using Voucher.Benchmarks.Report;
using Voucher.Server.Redeeming;

namespace Voucher.Benchmarks.Measures;

/// <summary>One scan at a time through the engine, over a table of a given size.</summary>
internal sealed class TableSizeMeasure : IAsyncDisposable
{
    private readonly Arena _arena;
    private readonly TableStore _table;
    private readonly ScanLedger _ledger;
    private readonly RedemptionEngine _engine;
    private byte? _keyId;
    private int _chosen;
    private int _runs;

    public TableSizeMeasure(Arena arena, string database, int vouchers)
    {
        (_arena, _table) = (arena, new TableStore(arena.County, database, vouchers));
        _ledger = new ScanLedger(arena.County.Settings with { Postgres = _table.Address });
        _engine = new RedemptionEngine(new ScanBatchRunner(_ledger, arena.Clock, arena.County.Get<ILogger<ScanBatchRunner>>()), arena.Clock);
    }

    public async Task<Sample> RunAsync()
    {
        var today = CountyTime.DayOf(_arena.Clock.GetUtcNow());
        if (_keyId is null)
        {
            _keyId = (await _arena.County.SigningKeyAsync(today)).KeyId;
            await _table.FillAsync(_keyId.Value, today);
        }
        var deck = _table.Choose(_chosen, _arena.Alone, _runs++, _keyId.Value, today);
        _chosen += _arena.Alone;
        var (times, cpu) = await _arena.ClockAsync(() => DriveAsync(deck));
        await CheckAsync(deck, times.Count);
        return new Sample(Statistics.Median(times), times.Count, cpu);
    }

    private async Task<List<double>> DriveAsync(Deck deck)
    {
        var now = _arena.Clock.GetUtcNow();
        PresentedScan[] scans = [.. Enumerable.Range(0, deck.Vouchers.Count).Select(i => deck.Present(i, i % BenchCounty.Institutions, i, now))];
        List<double> times = [];
        foreach (var scan in scans)
        {
            var start = Stopwatch.GetTimestamp();
            var result = await _engine.RedeemAsync(scan, isRepeat: false);
            if (result.Outcome is Outcome<ScanAnswer>.Done({ Accepted: true })) times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
        return times;
    }

    private async Task CheckAsync(Deck deck, int accepted)
    {
        var (inLedger, recorded, _) = await _table.Store.CountAsync(deck.FirstSequence, deck.FirstSequence + Deck.Sequences - 1, deck.First, deck.First);
        if (inLedger != accepted || recorded != deck.Vouchers.Count)
            _arena.Broken.Add($"table of {_table.Vouchers}: {accepted} accepted of {deck.Vouchers.Count}, but the ledger holds {inLedger} accepted of {recorded}");
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _ledger.DisposeAsync();
        await _table.DisposeAsync();
    }
}
