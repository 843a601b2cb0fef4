namespace Voucher.Server.Ledger;

/// <summary>What ledger transactions are about, as screens say it, and where that is shown.</summary>
public static class LedgerSubjects
{
    /// <summary><c>null</c> where the transaction says nothing of it.</summary>
    public static Words? Named(LedgerSubjectKind? kind, long? id) => kind switch
    {
        null => null,
        LedgerSubjectKind.BudgetLine => new($"预算项目 {id}", $"Budget line {id}"),
        LedgerSubjectKind.Batch => new($"发券批次 {id}", $"Batch {id}"),
        LedgerSubjectKind.LeaveOut => new($"剔除 {id}", $"Left out {id}"),
        LedgerSubjectKind.Claim => new($"申报单 {id}", $"Claim {id}"),
        LedgerSubjectKind.Payment => new($"支付批次 {Payment(id)}", $"Payment {Payment(id)}"),
        LedgerSubjectKind.Voucher => new($"券 {Voucher(id)}", $"Voucher {Voucher(id)}"),
        LedgerSubjectKind.ExpiredVouchers => new("到期未用的券", "Vouchers that expired unused"),
        LedgerSubjectKind.Revocation => new($"作废 {id}", $"Revocation {id}"),
        LedgerSubjectKind.Transaction => new($"账目 {id}", $"Transaction {id}"),
        LedgerSubjectKind.Recovery => new($"追回 {id}", $"Recovery {id}"),
        LedgerSubjectKind.PayIn => new($"缴回 {id}", $"Paid in {id}"),
        LedgerSubjectKind.PaymentRow => new($"付款行 {id} 抵扣", $"Netted from transfer {id}"),
        LedgerSubjectKind.AllowanceList => new($"补助发放表 {id}", $"Allowance list {id}"),
        LedgerSubjectKind.Allowance => new($"补助 {id}", $"Allowance {id}"),
        LedgerSubjectKind.RetainedList => new($"留存处理表 {id}", $"Retained money, list {id}"),
        LedgerSubjectKind.Objection => new($"公示异议 {id}", $"Objection {id}"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown subject of a ledger transaction."),
    };

    /// <summary>The page of the decision behind it; <c>null</c> where it has none.</summary>
    public static string? PageOf(LedgerSubjectKind? kind, long? id) => kind switch
    {
        LedgerSubjectKind.BudgetLine => $"/ledger/{id}",
        LedgerSubjectKind.Batch => $"/issuing/batches/{id}",
        LedgerSubjectKind.Claim => $"/settling/claims/{id}",
        LedgerSubjectKind.Payment => $"/settling/payments/{id}",
        LedgerSubjectKind.Voucher => $"/issuing/vouchers/{Voucher(id).Replace(" ", "")}",
        LedgerSubjectKind.Revocation => "/issuing/revocations",
        LedgerSubjectKind.Transaction => $"/ledger/transactions/{id}",
        LedgerSubjectKind.Recovery => $"/recoveries/{id}",
        LedgerSubjectKind.AllowanceList => $"/settling/allowances/{id}",
        LedgerSubjectKind.RetainedList => "/settling/retained",
        LedgerSubjectKind.Objection => "/settling/objections",
        _ => null,
    };

    private static string Payment(long? id) => Settling.Payments.PaymentFile.NumberOf(new PaymentId(id!.Value));

    private static string Voucher(long? id) => new VoucherId(id!.Value).ToString();
}
