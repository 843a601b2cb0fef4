namespace Voucher.Core.Money;

/// <summary>Why money moves. Numbers are stored: they never change meaning.</summary>
public enum LedgerTransactionKind : short
{
    Allocate = 1,
    Reserve = 2,
    Release = 3,
    Approve = 4,
    Pay = 5,

    /// <summary>冲回: what was approved or paid is taken back by a decision; paid money becomes receivable.</summary>
    Reverse = 6,

    /// <summary>From one budget line to another of the same source, purpose and year.</summary>
    Transfer = 7,

    /// <summary>Back out of a budget line.</summary>
    Lower = 8,

    /// <summary>生活费、交通费: an allowance of the county's own money becomes payable.</summary>
    Allowance = 9,

    /// <summary>Retained money becomes payable.</summary>
    ReleaseRetained = 10,

    /// <summary>退汇: the bank returns money that it had paid.</summary>
    Bounce = 11,

    /// <summary>缴回: money taken back is paid in.</summary>
    PayIn = 12,

    /// <summary>抵扣: money taken back is kept from the institution's next payment out of the same source.</summary>
    Net = 13,

    /// <summary>更正: the exact opposite of one earlier transaction, which stays.</summary>
    Correct = 14,
}
