using Voucher.Simulation.Oracles;
using Voucher.Simulation.Running;
using Voucher.Simulation.Schedules;
using Voucher.Simulation.Storage;

namespace Voucher.Simulation;

/// <summary>What the simulation has found in the engine, cut down to its shortest; none of it may come back.</summary>
public sealed class EngineTests
{
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(10);
    private static readonly EngineLimits LanesOnly = new(QueueLength: 64, LargestScanBatch: 4, DirectUpTo: 0);

    private static Report Run(EngineLimits limits, params Step[] steps)
    {
        var shape = new Shape(5, Servers: 1, Institutions: 1, Terminals: 2, Classes: 1, Vouchers: 8, PairsOfVouchers: false, limits, steps.Length, FaultPercent: 0);
        var report = SimulationRun.Run(new Schedule(shape, Order: 1, [.. steps.OrderBy(step => step.At)]));
        Assert.Null(report.Finding);
        return report;
    }

    private static ScanStep Scan(int number, int milliseconds, int voucher, ScanMode mode = ScanMode.Enrol) => new(
        number, Start + TimeSpan.FromMilliseconds(milliseconds), Terminal: 1, IsSequential: false, mode, Class: 0, voucher, UseSuccessor: false,
        Shown.Paper, HolderMatch.Matches, LikeStep: null, LikeSequenceOnly: false, IsRepeat: false, Network: 0);

    private static FaultStep Fault(StorageFault fault, int calls, TimeSpan lasts) => new(100, Start, fault, calls, Voucher: 0, lasts);

    [Fact]
    public void A_lane_outlives_a_scan_that_cannot_be_written()
    {
        // Both vouchers take the same lane; the first comes alone in its batch and fails.
        var report = Run(LanesOnly, Fault(StorageFault.Poison, 0, TimeSpan.FromSeconds(1)), Scan(1, 1, voucher: 0), Scan(2, 5_000, voucher: 2));
        Assert.True(report.Tally.Failed > 0);
        Assert.Equal(0, report.Tally.Told(RefusalCode.TooBusy));
    }

    [Fact]
    public void A_scan_that_goes_straight_through_waits_no_longer_than_any_other_when_the_storage_hangs()
    {
        var report = Run(new EngineLimits(), Fault(StorageFault.Hangs, 6, TimeSpan.Zero), Scan(1, 1, voucher: 0));
        Assert.True(report.Tally.Told(RefusalCode.TooBusy) > 0);
    }

    [Fact]
    public void The_drain_waits_for_scans_that_go_straight_through()
    {
        var stop = new StopStep(101, Start + TimeSpan.FromMilliseconds(10), Server: 0, IsOrderly: true, Down: TimeSpan.FromMilliseconds(5));
        var report = Run(new EngineLimits(), Fault(StorageFault.Slow, 0, TimeSpan.FromSeconds(5)), Scan(1, 1, voucher: 0), stop);
        Assert.Equal(1, report.Tally.Scans);
    }

    [Fact]
    public void A_voucher_that_fills_batch_after_batch_with_what_must_wait_starves_nobody()
    {
        var many = Enumerable.Range(1, 300).Select(n => Scan(n, 0, voucher: 0, (ScanMode)(n % 4 + 1)));
        var others = Enumerable.Range(301, 20).Select(n => Scan(n, 1, voucher: 2 * (n % 4)));
        var report = Run(new EngineLimits(QueueLength: 16, LargestScanBatch: 4, DirectUpTo: 0), [.. many, .. others]);
        Assert.Equal(320, report.Tally.Scans);
    }

    [Fact]
    public void Nobody_is_refused_for_a_seat_that_this_very_batch_is_about_to_take()
    {
        var county = CountyWithOneSeat();
        var ledger = new Ledger(county);
        PresentedScan[] scans = [Present(county, 1, county.Papers[0]), Present(county, 2, county.Papers[1])];

        var together = ScanBatchPlan.Decide(scans, ledger.Read(scans));
        var first = Assert.IsType<ScanVerdict.Write>(together[0]);
        Assert.NotNull(first.Entry.Move);
        Assert.IsType<ScanVerdict.Later>(together[1]);

        Assert.True(ledger.Write([first.Entry]));
        var after = Assert.IsType<ScanVerdict.Write>(ScanBatchPlan.Decide([scans[1]], ledger.Read([scans[1]]))[0]);
        Assert.Equal((int)RefusalCode.ClassFull, after.Entry.Answer.Refusal);
    }

    private static CountyFile CountyWithOneSeat() => Enumerable.Range(1, 1000)
        .Select(seed => new CountyFile(new Shape((ulong)seed, 1, 1, 1, 1, 2, PairsOfVouchers: false, LanesOnly, 0, 0)))
        .First(county => county.Classes[0].Offer is { Capacity: 1, IsApproved: true } && county.Papers.All(paper => paper.ValidUntil > CountyFile.Day));

    private static PresentedScan Present(CountyFile county, int number, Paper paper)
    {
        var open = new OpenScan(Scan(number, 0, voucher: 0), paper, CountyFile.Morning);
        return new PresentedScan(county.Terminals[0].Id, open.Request, open.Token, open.Refusal, open.ContentHash, CountyFile.Morning, CountyFile.Policy);
    }
}
