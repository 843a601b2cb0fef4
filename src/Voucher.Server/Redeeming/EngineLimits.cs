namespace Voucher.Server.Redeeming;

/// <summary>How much the engine takes at once; a smaller machine, or a test, may take less.</summary>
/// <param name="QueueLength">Scans that one lane lets wait.</param>
/// <param name="LargestScanBatch">Scans in one batch at most.</param>
/// <param name="DirectUpTo">Up to so many scans under way each is written by its own statement; 0 sends all through the lanes.</param>
public sealed record EngineLimits(
    int QueueLength = RedemptionEngine.QueueLength, int LargestScanBatch = RedemptionEngine.LargestScanBatch, int DirectUpTo = RedemptionEngine.DirectUpTo);
