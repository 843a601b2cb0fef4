using Voucher.Benchmarks.County;
using Voucher.Benchmarks.Report;

namespace Voucher.Benchmarks.Measures;

/// <summary>All that the measures share: the county, the running server, the processor clock, and what was found broken.</summary>
internal sealed record Arena(BenchOptions Options, BenchCounty County, DeckMaker Decks, ServerProcess Server, CpuClock Cpu, TimeProvider Clock)
{
    /// <summary>What makes the whole run worthless: the ledger does not hold what was answered.</summary>
    public List<string> Broken { get; } = [];

    /// <summary>Where probes run before the first round, smaller and not counted.</summary>
    public bool IsWarmingUp { get; set; }

    public int Scans => IsWarmingUp ? Math.Max(Options.Scans / 4, 2_048) : Options.Scans;

    public int Alone => IsWarmingUp ? Options.Alone / 2 : Options.Alone;

    /// <summary>The ledger must hold exactly the scans that were accepted.</summary>
    /// <param name="recorded">How many scans must be in it altogether, accepted or refused.</param>
    public async Task CheckAsync(string probe, Deck deck, long accepted, long recorded)
    {
        var ledger = await County.Store.CountAsync(deck.FirstSequence, deck.FirstSequence + Deck.Sequences - 1, deck.First, deck.Last);
        if (ledger.Accepted != accepted || ledger.Enrolled != accepted || ledger.Recorded != recorded)
            Broken.Add($"{probe}: {accepted} accepted of {recorded}, but the ledger holds {ledger.Accepted} accepted of {ledger.Recorded}, {ledger.Enrolled} enrolments");
    }

    /// <summary>Runs the work between two readings of the processor clock.</summary>
    public async Task<(T Result, CpuUse Cpu)> ClockAsync<T>(Func<Task<T>> work)
    {
        var before = Cpu.Read();
        var result = await work();
        return (result, Cpu.Read() - before);
    }
}
