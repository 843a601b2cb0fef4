using Voucher.Benchmarks.Report;
using Voucher.Benchmarks.Yardsticks;
using Voucher.Server.Redeeming;

namespace Voucher.Benchmarks.Measures;

/// <summary>The engine's statement from pgbench.</summary>
internal sealed class PgBenchMeasure(Arena arena)
{
    /// <summary>Transactions of a client at least, beyond those that are left out.</summary>
    private const int FewestEach = PgBench.FirstLeftOut + 8;

    private readonly PgBench _pgbench = new(arena.Options);
    private string? _answer;

    public async Task<Sample> SingleAsync(int clients) => await RunAsync(PgBenchScript.Single(), clients, batch: 1);

    public async Task<Sample> BatchAsync(int clients, int batch) => await RunAsync(PgBenchScript.Batch(batch), clients, batch);

    /// <summary>Median time of one statement when there is one client.</summary>
    public async Task<Sample> AloneAsync()
    {
        var deck = await arena.Decks.MakeAsync(arena.Alone, signed: false);
        var answer = await AnswerAsync();
        var (result, cpu) = await arena.ClockAsync(() => _pgbench.RunAsync(PgBenchScript.Single(), deck, clients: 1, arena.Alone, answer));
        await arena.CheckAsync("pgbench, one client", deck, result.Transactions, result.Transactions);
        return new Sample(result.MedianMicroseconds, result.Transactions, cpu);
    }

    private async Task<Sample> RunAsync(string script, int clients, int batch)
    {
        var each = Math.Max(arena.Scans / clients / batch, FewestEach);
        var deck = await arena.Decks.MakeAsync(clients * each * batch, signed: false);
        var answer = await AnswerAsync();
        var (result, cpu) = await arena.ClockAsync(() => _pgbench.RunAsync(script, deck, clients, each, answer));
        var scans = result.Transactions * batch;
        await arena.CheckAsync($"pgbench, {clients} clients, {batch} a statement", deck, scans, scans);
        return new Sample(result.PerSecond * batch, scans, cpu);
    }

    /// <summary>An answer as the engine writes it, so that pgbench's rows are as long.</summary>
    private async Task<string> AnswerAsync()
    {
        if (_answer is { } known) return known;
        var deck = await arena.Decks.MakeAsync(1, signed: false);
        var result = await arena.County.Get<RedemptionEngine>().RedeemAsync(deck.Present(0, 0, 0, arena.Clock.GetUtcNow()), isRepeat: false);
        return _answer = WireJson.Write(result.Outcome.OrThrow());
    }
}
