namespace Voucher.Server.Ledger.Budget;

public static class LedgerWords
{
    public static Words Name(this LedgerTransactionKind kind) => kind switch
    {
        LedgerTransactionKind.Allocate => new("下达", "Allocated"),
        LedgerTransactionKind.Reserve => new("发券预留", "Reserved at issue"),
        LedgerTransactionKind.Release => new("释放预留", "Released"),
        LedgerTransactionKind.Approve => new("结算审批", "Approved"),
        LedgerTransactionKind.Pay => new("支付", "Paid"),
        LedgerTransactionKind.Transfer => new("调剂", "Transferred"),
        LedgerTransactionKind.Lower => new("调减", "Lowered"),
        LedgerTransactionKind.Reverse => new("冲回", "Reversed"),
        LedgerTransactionKind.Allowance => new("补助审批", "Allowances approved"),
        LedgerTransactionKind.ReleaseRetained => new("留存转应付", "Retained money released"),
        LedgerTransactionKind.Bounce => new("银行退汇", "Returned by the bank"),
        LedgerTransactionKind.PayIn => new("追回缴入", "Paid in"),
        LedgerTransactionKind.Net => new("追回抵扣", "Netted"),
        LedgerTransactionKind.Correct => new("更正", "Corrected"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of ledger transaction."),
    };

    public static Words Name(this LedgerAccountKind kind) => kind switch
    {
        LedgerAccountKind.Allocated => new("下达", "Allocated"),
        LedgerAccountKind.Unreserved => new("可用", "Free"),
        LedgerAccountKind.Reserved => new("已预留", "Reserved"),
        LedgerAccountKind.Payable => new("应付", "Payable"),
        LedgerAccountKind.Paid => new("已付", "Paid"),
        LedgerAccountKind.Receivable => new("应收（追回）", "Receivable"),
        LedgerAccountKind.Retained => new("留存", "Retained"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of ledger account."),
    };
}
