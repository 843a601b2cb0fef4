using Voucher.Server.Redeeming;
using Voucher.Simulation.Worlds;

namespace Voucher.Simulation.Storage;

/// <summary>One server's way to the storage: takes time, and goes wrong as the schedule wants. Dies with its server.</summary>
internal sealed class StorageConnection(World world, Ledger ledger, StorageFaults faults, Dice dice) : IScanLedger
{
    /// <summary>As the real one's limit for a statement.</summary>
    private static readonly TimeSpan StatementLimit = TimeSpan.FromSeconds(ScanLedger.StatementSeconds);

    private bool _isCut;

    /// <summary>Calls that have not come back.</summary>
    public int InFlight { get; private set; }

    /// <summary>Calls so far.</summary>
    public int Calls { get; private set; }

    /// <summary>The server is gone: nothing comes back any more.</summary>
    public void Cut() => _isCut = true;

    public bool IsPassing(Exception fault) => fault is StorageAwayException or TimeoutException;

    private TimeSpan Latency() => faults.IsSlow ? dice.Milliseconds(300, 700) : dice.Below(50) == 0 ? dice.Milliseconds(20, 60) : TimeSpan.FromMicroseconds(dice.Between(200, 4000));

    public async Task<ScanBatchFacts> ReadAsync(IReadOnlyList<PresentedScan> scans)
    {
        Calls++;
        InFlight++;
        try
        {
            var fault = await ArriveAsync(isWrite: false);
            await FailAsync(fault);
            foreach (var scan in scans) faults.ThrowIfPoisoned(scan.Voucher);
            var facts = ledger.Read(scans);
            await world.Wait(Latency());
            if (_isCut) await Nevermore();
            return facts;
        }
        finally
        {
            InFlight--;
        }
    }

    public async Task<bool> WriteAsync(IReadOnlyList<ScanEntry> entries)
    {
        Calls++;
        InFlight++;
        try
        {
            var fault = await ArriveAsync(isWrite: true);
            if (fault == StorageFault.Hangs && dice.Below(3) > 0) DoLater(entries);
            await FailAsync(fault);
            foreach (var entry in entries) faults.ThrowIfPoisoned(entry.Voucher);
            var isWritten = ledger.Write(entries);
            await world.Wait(Latency());
            if (_isCut) await Nevermore();
            if (fault == StorageFault.BreaksAfter) throw new StorageAwayException("The answer was lost.");
            return isWritten;
        }
        finally
        {
            InFlight--;
        }
    }

    /// <summary>What a dead server asked for is lost or done, but nobody hears of it.</summary>
    private async Task<StorageFault> ArriveAsync(bool isWrite)
    {
        if (_isCut) await Nevermore();
        await world.Wait(Latency());
        if (_isCut && (!isWrite || dice.Below(2) == 0)) await Nevermore();
        return faults.Next(isWrite);
    }

    private async Task FailAsync(StorageFault fault)
    {
        if (fault is StorageFault.BreaksBefore or StorageFault.Away) throw new StorageAwayException("Not done.");
        if (fault != StorageFault.Hangs) return;
        await world.Wait(StatementLimit);
        if (_isCut) await Nevermore();
        throw new TimeoutException();
    }

    /// <summary>The caller gives a statement up while it still runs, and may well have asked again before it is done.</summary>
    private void DoLater(IReadOnlyList<ScanEntry> entries) => world.After(dice.Milliseconds(0, 12_000), () =>
    {
        try
        {
            ledger.Write(entries);
        }
        catch (RowNotAllowedException)
        {
            // Nobody hears of it.
        }
    });

    private static Task Nevermore() => new TaskCompletionSource().Task;
}
