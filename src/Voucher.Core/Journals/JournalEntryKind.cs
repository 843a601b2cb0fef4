namespace Voucher.Core.Journals;

/// <summary>What one entry of a terminal's journal says. Numbers are stored: they never change meaning.</summary>
public enum JournalEntryKind : short
{
    /// <summary>A scan at the desk; its content is a <see cref="Wire.ScanRequest"/>.</summary>
    Scan = 1,

    /// <summary>The server has seen the journal up to here; its content is a <see cref="Wire.HeadReceipt"/>.</summary>
    Receipt = 2,

    /// <summary>The desk asks the county to correct a scan; its content is a <see cref="Wire.CorrectionRequest"/>.</summary>
    Correction = 3,
}
