using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Ledger.Books;

/// <summary>资金收入台账 at any day.</summary>
public sealed class IncomeBookExport(BooksStore books) : ListExport("income-book", new("资金收入台账（截至某日）", "Income at a day"), Permission.ReadLedger)
{
    private static readonly Columns<IncomeEntry> Columns = new Columns<IncomeEntry>()
        .Words("资金性质", "Kind", row => row.Kind.Name())
        .Text("资金来源", "Source", row => row.Source, 24)
        .Text("来源文号", "Source document", row => row.SourceDocument, 20)
        .Text("文号", "Document", row => row.DocumentNo, 20)
        .Money("下达", "Allocated", row => row.Allocated)
        .Money("调减", "Lowered", row => row.Lowered)
        .Money("调入", "Transferred in", row => row.TransferredIn)
        .Money("调出", "Transferred out", row => row.TransferredOut)
        .Money("更正", "Corrected", row => row.Corrected)
        .Money("收入净额", "Net income", row => row.Net)
        .Money("追回", "Paid back", row => row.PaidBack);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var day = query.Day("day") ?? query.Today;
        query.Show("截至", "As of", CountyTime.Show(day));
        return ExportTable.Of(query, Columns, await books.IncomeAsync(day), CountyTime.Show(day));
    }
}

/// <summary>支出台账 at any day.</summary>
public sealed class SpendingBookExport(BooksStore books) : ListExport("spending-book", new("支出台账（截至某日）", "Spending at a day"), Permission.ReadLedger)
{
    private static readonly Columns<SpendingEntry> Columns = new Columns<SpendingEntry>()
        .Number("年度", "Year", row => row.Year)
        .Text("资金来源", "Source", row => row.Source, 24)
        .Text("预算项目", "Budget line", row => row.Line, 24)
        .Words("培训项目", "Programme", row => row.Programme is { } name ? new(name, name) : new("未开班", "No class yet"), 26)
        .Money("已预留", "Reserved", row => row.Reserved)
        .Money("应付", "Payable", row => row.Payable)
        .Money("已付", "Paid", row => row.Paid)
        .Money("应收（追回）", "Receivable", row => row.Receivable)
        .Money("留存", "Retained", row => row.Retained)
        .Money("合计", "Sum", row => row.Sum)
        .Money("其中补助", "Of it allowances", row => row.Allowances);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var day = query.Day("day") ?? query.Today;
        query.Show("截至", "As of", CountyTime.Show(day));
        return ExportTable.Of(query, Columns, await books.SpendingAsync(day), CountyTime.Show(day));
    }
}
