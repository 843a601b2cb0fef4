using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Payments;

/// <summary>All returns of the bank.</summary>
public sealed class PaymentReturnsExport(ReturnReading returns) : ListExport("payment-returns", new("银行回盘", "Bank returns"), Permission.ReadPayments)
{
    private static readonly Columns<ReturnSummary> Columns = new Columns<ReturnSummary>()
        .Text("编号", "Number", row => $"{row.Id}")
        .Words("类别", "Kind", row => row.Name, 16)
        .Text("文件或凭证", "File or document", row => row.FileName ?? row.Document, 30)
        .Day("银行日期", "Bank's day", row => row.PaidOn)
        .Tally("行数", "Rows", Unit.Rows, row => row.Rows)
        .Tally("入账", "Booked", Unit.Rows, row => row.Booked)
        .Tally("差异", "Differences", Unit.Rows, row => row.Differences)
        .Text("经办", "By", row => row.BookedBy, 12)
        .Moment("入账时间", "Booked", row => row.BookedAt);

    public override Task<ExportTable?> OpenAsync(ExportQuery query) =>
        Task.FromResult<ExportTable?>(ExportTable.Of(query, Columns, PagedRows.Of(row => row.Id, returns.ListAsync)));
}

/// <summary>Rows of returns that could not be booked.</summary>
public sealed class PaymentDifferencesExport(ReturnReading returns) : ListExport("payment-differences", new("对账差异", "Differences"), Permission.ReadPayments)
{
    private static readonly Columns<Difference> Columns = new Columns<Difference>()
        .Number("回盘", "Return", row => row.ReturnId)
        .Number("行", "Line", row => row.Line)
        .Text("流水号", "Reference", row => row.Reference, 22)
        .Words("银行答复", "Answer", row => row.Answer, 12)
        .Money("金额", "Amount", row => row.AmountFen)
        .Text("账号", "Account", row => row.AccountMasked, 12)
        .Words("问题", "What is wrong", row => row.Finding.Name(), 28)
        .Words("怎么办", "What to do", row => row.Finding.NextStep(), 40)
        .Text("银行原因", "The bank's reason", row => row.Reason, 24)
        .Text("处理情况", "Cleared up", row => row.Note, 30)
        .Text("处理人", "By", row => row.NotedBy, 12);

    public override Task<ExportTable?> OpenAsync(ExportQuery query) =>
        Task.FromResult<ExportTable?>(ExportTable.Of(query, Columns, PagedRows.Of(row => row.Id, (skip, take) => returns.DifferencesAsync(open: false, skip, take))));
}

/// <summary>Sent, paid, failed and outstanding by source and month, tied to the ledger.</summary>
public sealed class ReconciliationExport(ReturnReading returns) : ListExport("reconciliation", new("支付对账", "Reconciliation"), Permission.ReadPayments)
{
    private const int MostMonths = 10_000;

    private static readonly Columns<ReconciledMonth> Columns = new Columns<ReconciledMonth>()
        .Text("月份", "Month", row => row.Month.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture), 10)
        .Text("资金来源", "Source", row => row.Source, 28)
        .Number("批次", "Payments", row => row.Payments)
        .Money("制单", "Made", row => row.Made)
        .Money("抵扣", "Netted", row => row.Netted)
        .Money("送行", "Sent", row => row.Sent)
        .Money("已付", "Paid", row => row.Paid)
        .Money("失败", "Failed", row => row.Failed)
        .Money("待回盘或待送行", "Outstanding", row => row.Outstanding)
        .Money("移出", "Taken out", row => row.TakenOut)
        .Money("账上已付", "Ledger", row => row.Booked)
        .Money("差额", "Difference", row => row.Difference);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query) => ExportTable.Of(query, Columns, await returns.MonthsAsync(0, MostMonths));
}
