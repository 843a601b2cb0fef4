using System.Diagnostics;
using System.Net.Sockets;
using Voucher.Benchmarks.County;
using Voucher.Benchmarks.Load;
using Voucher.Benchmarks.Report;

namespace Voucher.Benchmarks.Measures;

/// <summary>Scans to the real server, by HTTP and over the hub.</summary>
internal sealed class ServerMeasure(Arena arena)
{
    private const int Connections = 64;
    private const int HubConnections = 8;
    private const int HubWindow = 16;

    /// <summary>Of so many presentations of vouchers all but one are repeats.</summary>
    private const int PresentationsEach = 10;

    /// <summary>A repeat is of one of so many vouchers shown lately, but not of the very last.</summary>
    private const int RepeatsFrom = 100;

    private long? _usedSequence;

    /// <param name="known">The server has verified the tokens before; otherwise it sees each for the first time.</param>
    public async Task<Sample> HttpAsync(bool known)
    {
        var deck = await arena.Decks.MakeAsync(arena.Scans, signed: true);
        if (known) await ShowAsync(deck);
        var now = arena.Clock.GetUtcNow();
        return await RunAsync(deck, OverHttp(Connections, 1, Enumerable.Range(0, arena.Scans), (i, desk, turn) => deck.Enrol(i, desk, turn, now)), arena.Scans);
    }

    /// <summary>Nine in ten scans show a voucher that another scan has just been accepted with.</summary>
    public async Task<Sample> RepeatsAsync()
    {
        var deck = await arena.Decks.MakeAsync(arena.Scans / PresentationsEach, signed: true, oneInstitution: true);
        await ShowAsync(deck, BenchCounty.Institutions);
        var now = arena.Clock.GetUtcNow();
        return await RunAsync(deck, OverHttp(Connections, BenchCounty.Institutions, Presentations(deck.Vouchers.Count), (i, desk, turn) => deck.Enrol(i, desk, turn, now)), deck.Vouchers.Count * PresentationsEach);
    }

    /// <summary>Median time of one scan when there is no other, of tokens seen for the first time.</summary>
    public async Task<Sample> AloneAsync()
    {
        var deck = await arena.Decks.MakeAsync(arena.Alone, signed: true, oneInstitution: true);
        var now = arena.Clock.GetUtcNow();
        var lines = OverHttp(1, 1, Enumerable.Range(0, arena.Alone), (i, desk, turn) => deck.Enrol(i, desk, turn, now));
        var sample = await RunAsync(deck, lines, arena.Alone);
        return sample with { Value = Statistics.Median(lines[0].Tally.Microseconds) };
    }

    public async Task<Sample> HubAsync()
    {
        var deck = await arena.Decks.MakeAsync(arena.Scans, signed: true);
        await ShowAsync(deck);
        var now = arena.Clock.GetUtcNow();
        Line[] lines =
        [
            .. Enumerable.Range(0, HubConnections).Select(connection =>
            {
                // Sixteen classes a terminal, of its own institution.
                var messages = Every(Enumerable.Range(0, arena.Scans), connection, HubConnections)
                    .Select((i, turn) => HubLine.Message(turn, deck.Enrol(i, turn % HubWindow * BenchCounty.Institutions + connection, turn, now))).ToArray();
                var socket = arena.Server.Connect();
                HubLine.ShakeHands(socket, arena.Server.AccessTokens[connection]);
                return new HubLine(socket, messages, HubWindow);
            }),
        ];
        return await RunAsync(deck, lines, arena.Scans);
    }

    private async Task<Sample> RunAsync(Deck deck, IReadOnlyList<Line> lines, int messages)
    {
        try
        {
            var (elapsed, cpu) = await arena.ClockAsync(() => LoadRun.RunAsync(lines));
            var accepted = lines.Sum(line => line.Tally.Accepted);
            var faults = lines.Sum(line => line.Tally.Faults);
            await arena.CheckAsync("server", deck, accepted, messages - faults);
            return new Sample((messages - faults) / elapsed.TotalSeconds, messages, cpu, faults == 0 ? null : $"{faults} of {messages} turned away");
        }
        finally
        {
            foreach (var line in lines) line.Dispose();
        }
    }

    /// <summary>One message after the other on each connection; a connection speaks for several terminals in turn.</summary>
    /// <param name="step">From one connection's desk to the next; with the number of institutions all are at the first.</param>
    private Line[] OverHttp(int connections, int step, IEnumerable<int> vouchers, Func<int, int, long, ScanRequest> scan)
    {
        int[] all = [.. vouchers];
        return
        [
            .. Enumerable.Range(0, connections).Select(connection => new HttpLine(arena.Server.Connect(),
            [
                // Two connections may speak for the same terminal, so turns are counted over all.
                .. Every(all, connection, connections).Select((voucher, turn) =>
                    HttpLine.Message(TokenOf(connection * step, turn), scan(voucher, connection * step, (long)turn * connections + connection))),
            ])),
        ];
    }

    private string TokenOf(int desk, int turn) =>
        arena.Server.AccessTokens[(desk + turn % (arena.Options.TerminalCount / Connections) * Connections) % arena.Options.TerminalCount];

    private static IEnumerable<int> Every(IEnumerable<int> items, int first, int step) => items.Where((_, index) => index % step == first);

    /// <summary>Which voucher is shown when: every tenth a new one, the others one of those shown shortly before.</summary>
    private static IEnumerable<int> Presentations(int vouchers)
    {
        var dice = new Random(Seed: 1);
        for (var k = 0; k < vouchers * PresentationsEach; k++)
        {
            var newest = k / PresentationsEach;
            var last = Math.Max(newest - Connections / PresentationsEach - 1, 0);
            yield return k % PresentationsEach == 0 ? newest : dice.Next(Math.Max(last - RepeatsFrom, 0), last + 1);
        }
    }

    /// <summary>
    /// Shows the server all tokens of the deck without any trace in the ledger: in another mode and with a sequence that the
    /// terminal has used before, for which a scan is turned away after its signature was verified and remembered.
    /// </summary>
    private async Task ShowAsync(Deck deck, int step = 1)
    {
        var used = _usedSequence ??= await UseSequenceAsync();
        var now = arena.Clock.GetUtcNow();
        var lines = OverHttp(Connections, step, Enumerable.Range(0, deck.Vouchers.Count),
            (i, desk, _) => deck.Enrol(i, desk, 0, now) with { Mode = ScanMode.Complete, Sequence = used });
        try
        {
            await LoadRun.RunAsync(lines);
            if (lines.Sum(line => line.Tally.Faults) != deck.Vouchers.Count) throw new InvalidOperationException("A token that was only to be shown was taken for a scan.");
        }
        finally
        {
            foreach (var line in lines) line.Dispose();
        }
    }

    /// <summary>One scan of every terminal, all with the same sequence.</summary>
    private async Task<long> UseSequenceAsync()
    {
        var deck = await arena.Decks.MakeAsync(arena.Options.TerminalCount, signed: true);
        var now = arena.Clock.GetUtcNow();
        Line[] lines = [new HttpLine(arena.Server.Connect(), [.. Enumerable.Range(0, arena.Options.TerminalCount).Select(terminal =>
            HttpLine.Message(arena.Server.AccessTokens[terminal], deck.Enrol(terminal, terminal, 0, now)))])];
        await RunAsync(deck, lines, arena.Options.TerminalCount);
        return deck.FirstSequence;
    }
}
