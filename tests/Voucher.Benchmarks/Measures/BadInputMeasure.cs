using System.Diagnostics;
using System.Globalization;
using Voucher.Benchmarks.County;
using Voucher.Benchmarks.Load;
using Voucher.Benchmarks.Report;
using Voucher.Testing;

namespace Voucher.Benchmarks.Measures;

/// <summary>
/// What honest scans at a steady pace feel of silent connections and bad requests, on a server of its own with its usual
/// limits (the other measures go beyond what one address may ask).
/// </summary>
internal sealed class BadInputMeasure(Arena arena) : IAsyncDisposable
{
    private const int Desks = 16;
    private const int ScansPerSecond = 200;
    private const int Silent = 1_000;
    private const int BadPerSecond = 200;

    /// <summary>So long the bad input has been going on before the honest scans are timed.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(1);

    private ServerProcess? _server;

    private int Seconds => arena.IsWarmingUp ? 1 : arena.Options.Quick ? 2 : 10;

    public async Task<Sample> QuietAsync() => await HonestAsync("quiet");

    public async Task<Sample> AttackedAsync()
    {
        var server = await ServerAsync();
        using var stop = new CancellationTokenSource();
        var attack = new BadInputLoad(new Uri($"http://{server.Address}"), Silent, BadPerSecond).RunAsync(Before + TimeSpan.FromSeconds(Seconds * 3), stop.Token);
        await Task.Delay(Before, CancellationToken.None);
        try
        {
            var sample = await HonestAsync("bad input");
            await stop.CancelAsync();
            var run = await attack;
            return sample with { Note = string.Create(CultureInfo.InvariantCulture, $"{run.Silent:N0} silent connections, {BadPerSecond} bad requests/s") };
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private async Task<Sample> HonestAsync(string name)
    {
        var server = await ServerAsync();
        var count = Seconds * ScansPerSecond / Desks * Desks;
        var deck = await arena.Decks.MakeAsync(count, signed: true);
        var now = arena.Clock.GetUtcNow();
        Line[] lines =
        [
            .. Enumerable.Range(0, Desks).Select(desk => new HttpLine(server.Connect(),
                [.. Enumerable.Range(0, count / Desks).Select(turn => HttpLine.Message(server.AccessTokens[desk], deck.Enrol(turn * Desks + desk, desk, turn, now)))])
            {
                Every = Stopwatch.Frequency * Desks / ScansPerSecond,
            }),
        ];
        try
        {
            await LoadRun.RunAsync(lines);
            var (accepted, faults) = (lines.Sum(line => line.Tally.Accepted), lines.Sum(line => line.Tally.Faults));
            await arena.CheckAsync(name, deck, accepted, count - faults);
            if (accepted != count) arena.Broken.Add($"{name}: {count - accepted} honest scans of {count} were not accepted");
            return new Sample(Statistics.Quantile([.. lines.SelectMany(line => line.Tally.Microseconds)], 0.99), count);
        }
        finally
        {
            foreach (var line in lines) line.Dispose();
        }
    }

    private async Task<ServerProcess> ServerAsync() => _server ??= await ServerProcess.StartAsync(arena.Options, arena.County, arena.Clock, terminals: Desks, rateScale: 1);

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server) await server.DisposeAsync();
    }
}
