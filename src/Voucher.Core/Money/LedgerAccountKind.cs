namespace Voucher.Core.Money;

/// <summary>Accounts of a budget line. Numbers are stored: they never change meaning.</summary>
public enum LedgerAccountKind : short
{
    /// <summary>下达: the source's side; carries the opposite sign of the others.</summary>
    Allocated = 1,

    /// <summary>可用.</summary>
    Unreserved = 2,

    /// <summary>已预留: the face value of vouchers that may still be settled.</summary>
    Reserved = 3,

    /// <summary>应付: approved, and not yet paid by the bank.</summary>
    Payable = 4,

    /// <summary>已付.</summary>
    Paid = 5,

    /// <summary>应收: paid, and to be given back (追回).</summary>
    Receivable = 6,

    /// <summary>留存: approved, and kept back until the pack's condition is met.</summary>
    Retained = 7,
}
