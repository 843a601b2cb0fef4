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
            .Balances();
        var sources = (await budget.ListAsync()).GroupBy(line => line.SourceId).Select(lines => BudgetLine.SumOf([.. lines]));
        return ExportTable.Of(query, columns, sources);
    }

    internal static Words PurposeOf(IEnumerable<NamedPurpose> purposes)
    {
        List<Words> names = [.. purposes.Select(purpose => purpose.Called)];
        return new(string.Join('、', names.Select(name => name.Zh)), string.Join('、', names.Select(name => name.En)));
    }
}
