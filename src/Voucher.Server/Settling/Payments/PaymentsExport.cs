using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Payments;

/// <summary>All payments.</summary>
public sealed class PaymentsExport(PaymentReading payments) : ListExport("payments", new("支付批次", "Payments"), Permission.ReadPayments)
{
    private static readonly Columns<PaymentSummary> Columns = new Columns<PaymentSummary>()
        .Text("批次号", "Number", row => PaymentFile.NumberOf(new PaymentId(row.Id)), 16)
        .Words("状态", "State", row => row.Status.Name(), 14)
        .Tally("券数", "Vouchers", Unit.Vouchers, row => row.Vouchers)
        .Money("金额", "Amount", row => row.Total)
        .Text("制单人", "Made by", row => row.CreatedBy, 12)
        .Moment("制单时间", "Made", row => row.CreatedAt)
        .Text("登记人", "Recorded by", row => row.PaidBy, 12)
        .Day("支付日期", "Paid on", row => row.PaidOn)
        .Text("银行回单", "Bank reference", row => row.BankReference, 24)
        .Text("资金来源", "Source", row => row.Source, 28)
        .Text("送行人", "Handed over by", row => row.SentBy, 12)
        .Moment("送行时间", "Handed over", row => row.SentAt)
        .Money("已付", "Paid", row => row.Paid)
        .Money("失败未付", "Failed", row => row.Failed)
        .Money("移出", "Taken out", row => row.TakenOut)
        .Money("未结清", "Outstanding", row => row.Outstanding);

    public override Task<ExportTable?> OpenAsync(ExportQuery query) =>
        Task.FromResult<ExportTable?>(ExportTable.Of(query, Columns, PagedRows.Of(row => row.Id, (skip, take) => payments.ListAsync(skip, take))));
}

/// <summary>Whom one payment pays; accounts masked. The bank's own file, with accounts, is another thing.</summary>
public sealed class PaymentRowsExport(PaymentReading payments) : ListExport("payment-rows", new("收款明细", "Payees of a payment"), Permission.ReadPayments)
{
    private static readonly Columns<PaymentRow> Columns = new Columns<PaymentRow>()
        .Text("机构", "Institution", row => row.Institution, 28)
        .Text("收款单位", "Payee", row => row.PayeeName, 28)
        .Text("开户行", "Bank", row => row.PayeeBank, 24)
        .Text("账号", "Account", row => row.PayeeAccountMasked, 20)
        .Text("预算项目", "Budget line", row => row.BudgetLine, 30)
        .Tally("券数", "Vouchers", Unit.Vouchers, row => row.Vouchers)
        .Money("金额", "Amount", row => row.AmountFen)
        .Money("抵扣", "Netted", row => row.NettedFen)
        .Money("已付", "Paid", row => row.PaidFen)
        .Words("状态", "State", row => row.Status.Name(), 12)
        .Number("次数", "Attempt", row => row.Attempt)
        .Text("失败原因", "Why it failed", row => row.Failure, 24);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var id = new PaymentId(query.Id("payment"));
        if (await payments.FindAsync(id) is not { } payment) return null;
        query.Show("支付批次", "Payment", PaymentFile.NumberOf(id));
        return ExportTable.Of(query, Columns, payment.Rows, PaymentFile.NumberOf(id));
    }
}
