using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using Voucher.Benchmarks.County;
using Voucher.Benchmarks.Report;
using Voucher.Server.Fraud;
using Voucher.Server.Redeeming;

namespace Voucher.Benchmarks.Measures;

/// <summary>
/// What one scan allocates between door and ledger: desk, signature, guard and memory of repeats, engine, answer. In this process, without
/// HTTP. Once with tokens seen for the first time, once with every scan repeated under a new id.
/// </summary>
internal sealed class AllocationProfile(Arena arena)
{
    private const int Callers = 64;

    /// <summary>Types that are named; the others are summed up.</summary>
    private const int TypesShown = 24;

    public async Task<string> RunAsync()
    {
        // The guard is not started here, as nothing of this process is: one look makes it warm.
        await arena.County.Get<GuardWatch>().LookAsync();
        await DriveAsync(await arena.Decks.MakeAsync(arena.Scans, signed: true), firstSequence: 0);
        var deck = await arena.Decks.MakeAsync(arena.Scans, signed: true);
        var first = await SampleAsync(() => DriveAsync(deck, firstSequence: 0));
        var repeated = await SampleAsync(() => DriveAsync(deck, firstSequence: Deck.Sequences / 2));
        return AllocationTable.Of(("accepted, token new", first), ("repeated, token known", repeated), TypesShown);
    }

    private async Task DriveAsync(Deck deck, long firstSequence)
    {
        var desk = arena.County.Get<ScanDesk>();
        var now = arena.Clock.GetUtcNow();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = caller; i < deck.Vouchers.Count; i += Callers)
                await desk.AnswerAsync(deck.TerminalOf(caller), deck.Enrol(i, caller, firstSequence + i, now));
        })));
    }

    private async Task<Allocations> SampleAsync(Func<Task> drive)
    {
        using var sampler = new Sampler();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await drive();
        var bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
        return new Allocations(bytes / (double)arena.Scans, sampler.Stop());
    }

    /// <summary>Counts the runtime's own random samples of allocations, by type: about one in a hundred kilobytes.</summary>
    private sealed class Sampler : EventListener
    {
        private const EventKeywords AllocationSampling = (EventKeywords)0x80000000000;

        // Made before the constructor of the base, which already reports the sources that there are.
        private readonly ConcurrentDictionary<string, int> _samples = new(StringComparer.Ordinal);

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Windows-DotNETRuntime") EnableEvents(eventSource, EventLevel.Informational, AllocationSampling);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.PayloadNames?.IndexOf("TypeName") is { } at and >= 0 && eventData.Payload![at] is string type)
                _samples.AddOrUpdate(type, 1, (_, count) => count + 1);
        }

        public IReadOnlyDictionary<string, int> Stop()
        {
            Dispose();
            return _samples;
        }
    }
}
