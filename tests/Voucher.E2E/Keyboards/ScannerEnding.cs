namespace Voucher.E2E.Keyboards;

/// <summary>What a scanner types after what it has read.</summary>
public enum ScannerEnding
{
    None,
    Enter,
    Tab,
}
