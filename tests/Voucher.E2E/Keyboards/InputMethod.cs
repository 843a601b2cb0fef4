namespace Voucher.E2E.Keyboards;

/// <summary>What stands between a keyboard and the browser.</summary>
public enum InputMethod
{
    None,

    /// <summary>A Chinese one in full-width mode (全角): it takes each key for itself and writes １ for 1, whatever the page does with the key.</summary>
    FullWidth,
}
