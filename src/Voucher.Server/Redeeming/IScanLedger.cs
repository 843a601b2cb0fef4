namespace Voucher.Server.Redeeming;

/// <summary>
/// Where scans are decided from and written to: PostgreSQL, or the made-up world of the simulation. Both calls may fail at
/// any moment; a write that failed may have been done all the same, which the next reading of the same ids tells.
/// </summary>
public interface IScanLedger
{
    /// <summary>The facts of one instant, not older than the call.</summary>
    Task<ScanBatchFacts> ReadAsync(IReadOnlyList<PresentedScan> scans);

    /// <summary>
    /// Writes all entries or none. False: none, because something that they rest on has changed since it was read.
    /// </summary>
    Task<bool> WriteAsync(IReadOnlyList<ScanEntry> entries);

    /// <summary>Whether the same call may succeed a moment later: the connection broke, the database restarts.</summary>
    bool IsPassing(Exception fault);
}
