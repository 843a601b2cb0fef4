using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Ledger.Budget;

/// <summary>What a line stands at, in the same columns wherever it is exported.</summary>
public static class BalanceColumns
{
    public static Columns<BudgetLine> Balances(this Columns<BudgetLine> columns) => columns
        .Money("下达", "Allocated", row => row.Allocated)
        .Money("可用", "Free", row => row.Unreserved)
        .Money("已预留", "Reserved", row => row.Reserved)
        .Money("应付", "Payable", row => row.Payable)
        .Money("已付", "Paid", row => row.Paid)
        .Money("应收（追回）", "Receivable", row => row.Receivable)
        .Money("留存", "Retained", row => row.Retained);
}

/// <summary>Budget lines with their balances.</summary>
public sealed class BudgetLinesExport(BudgetStore budget, PurposeStore purposes) : ListExport("budget-lines", new("预算项目", "Budget lines"), Permission.ReadLedger)
{
    private static Columns<BudgetLine> ColumnsOf(ILookup<BudgetLineId?, NamedPurpose> purposes) => new Columns<BudgetLine>()
        .Number("年度", "Year", row => row.Year)
        .Text("资金来源", "Source", row => row.Source, 24)
        .Text("文号", "Document", row => row.SourceDocument, 20)
        .Text("项目", "Line", row => row.Name, 24)
        .Text("责任单位", "Department", row => row.Department)
        .Words("项目用途", "For", row => FundSourcesExport.PurposeOf(purposes[row.Id]), 30)
        .Balances();

    public override async Task<ExportTable?> OpenAsync(ExportQuery query) =>
        ExportTable.Of(query, ColumnsOf((await purposes.ListAsync()).ToLookup(purpose => purpose.Line)), await budget.ListAsync());
}

/// <summary>资金收入台账.</summary>
public sealed class IncomeExport(BudgetStore budget) : ListExport("income", new("资金收入台账", "Income by source"), Permission.ReadLedger)
{
    private static readonly Columns<Income> Columns = new Columns<Income>()
        .Moment("时间", "When", row => row.At)
        .Text("资金来源", "Source", row => row.Source, 24)
        .Text("预算项目", "Budget line", row => row.Line, 26)
        .Words("事由", "Kind", row => row.Kind.Name())
        .Text("文号", "Document", row => row.DocumentNo, 20)
        .Money("下达", "Allocated", row => row.Amount);

    public override Task<ExportTable?> OpenAsync(ExportQuery query) =>
        Task.FromResult<ExportTable?>(ExportTable.Of(query, Columns, PagedRows.Of(row => (row.TransactionId, row.LineId), budget.IncomeAsync)));
}

/// <summary>支出台账.</summary>
public sealed class SpendingExport(BudgetStore budget) : ListExport("spending", new("支出台账", "Spending by programme"), Permission.ReadLedger)
{
    private static readonly Columns<Spending> Columns = new Columns<Spending>()
        .Text("培训项目", "Programme", row => row.Programme, 26)
        .Tally("已付", "Paid", Unit.Vouchers, row => row.PaidVouchers)
        .Money("已支付金额", "Paid amount", row => row.Paid)
        .Tally("应付", "Payable", Unit.Vouchers, row => row.PayableVouchers)
        .Money("应付金额", "Payable amount", row => row.Payable);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query) => ExportTable.Of(query, Columns, await budget.SpendingAsync());
}

/// <summary>Every posting on one budget line.</summary>
public sealed class PostingsExport(BudgetStore budget) : ListExport("postings", new("分录", "Postings"), Permission.ReadLedger)
{
    private static readonly Columns<Posting> Columns = new Columns<Posting>()
        .Text("编号", "Number", row => $"{row.Id}", 10)
        .Moment("时间", "When", row => row.At)
        .Words("事由", "Kind", row => row.Kind.Name())
        .Words("来由", "About", row => LedgerSubjects.Named(row.SubjectKind, row.SubjectId), 26)
        .Text("文号", "Document", row => row.DocumentNo, 20)
        .Text("依据", "Under", row => row.Rule, 26)
        .Text("经办", "By", row => row.By, 12)
        .Money("可用", "Free", row => row.Unreserved)
        .Money("预留", "Reserved", row => row.Reserved)
        .Money("应付", "Payable", row => row.Payable)
        .Money("已付", "Paid", row => row.Paid)
        .Money("应收（追回）", "Receivable", row => row.Receivable)
        .Money("留存", "Retained", row => row.Retained);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var id = query.Id("line");
        if (id > int.MaxValue || await budget.FindAsync(new BudgetLineId((int)id)) is not { } line) return null;
        query.Show("预算项目", "Budget line", $"{line.Source} · {line.Name} {line.Year}");
        return ExportTable.Of(query, Columns, PagedRows.Of(row => row.Id, (skip, take) => budget.PostingsAsync(line.Id, skip, take)), line.Name);
    }
}
