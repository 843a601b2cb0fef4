using Voucher.Server.Policies;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Programmes.Trades;

/// <summary>Trades, with what the policy in force says of each.</summary>
public sealed class TradesExport(TradeStore trades, PolicyStore policies) : ListExport("trades", new("工种类别", "Trades"), Permission.ReadInstitutions)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var rules = (await policies.InForceOrLastAsync(query.Today)).Parameters;
        var columns = new Columns<TradeStore.Row>()
            .Text("编码", "Code", row => $"{row.Code}", 10)
            .Text("名称", "Name", row => row.Name, 26)
            .YesNo("指导目录", "Guided catalogue", row => rules.GuidedTrades.Contains(row.Code))
            .YesNo("高危", "High risk", row => rules.HighRiskTrades.Contains(row.Code))
            .Tally("项目数", "Programmes", Unit.Items, row => row.Programmes);
        return ExportTable.Of(query, columns, await trades.ListAsync());
    }
}
