using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Ledger.Budget;

/// <summary>Fund sources with their purposes, and where the money of each is.</summary>
public sealed class FundSourcesExport(BudgetStore budget, PurposeStore purposes) : ListExport("fund-sources", new("资金来源", "Fund sources"), Permission.ReadLedger)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var named = (await purposes.ListAsync()).Where(purpose => purpose.Line is null).ToLookup(purpose => purpose.Source);
        var columns = new Columns<BudgetLine>()
            .Text("资金来源", "Source", row => row.Source, 26)
            .Words("类别", "Kind", row => row.Kind.Name(), 16)
            .Text("文号", "Document", row => row.SourceDocument, 22)
            .Words("用途", "For", row => named[row.SourceId].Any() ? PurposeOf(named[row.SourceId]) : new("不限", "anything"), 36)
            .Money("下达", "Allocated", row => row.Allocated)
            .Money("可用", "Free", row => row.Unreserved)
            .Money("已预留", "Reserved", row => row.Reserved)
            .Money("应付", "Payable", row => row.Payable)
            .Money("已付", "Paid", row => row.Paid)
            .Money("应收（追回）", "Receivable", row => row.Receivable)
            .Money("留存", "Retained", row => row.Retained);
        var sources = (await budget.ListAsync()).GroupBy(line => line.SourceId).Select(lines => BudgetLine.SumOf([.. lines]));
        return ExportTable.Of(query, columns, sources);
    }

    internal static Words PurposeOf(IEnumerable<NamedPurpose> purposes)
    {
        var names = string.Join('、', purposes.Select(purpose => purpose.Name));
        return new(names, names);
    }
}
