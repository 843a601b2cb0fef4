namespace Voucher.Server.Settling.Budget;

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
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of ledger transaction."),
    };
}
