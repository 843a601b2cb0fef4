using Voucher.Core.Settling;
using Voucher.Server.Ledger.Budget;
using Voucher.Server.Ledger.Correcting;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Ledger.Closing;

/// <summary>Months and who closed them.</summary>
public sealed class ClosingsExport(ClosingStore closings) : ListExport("closings", new("月结", "Closed months"), Permission.ReadLedger)
{
    private static readonly Columns<MonthRecord> Columns = new Columns<MonthRecord>()
        .Text("月份", "Month", row => CloseMonth.Show(row.Month), 10)
        .Words("状态", "State", row => row.State.Name())
        .Text("提出人", "Proposed by", row => row.ProposedBy)
        .Moment("提出时间", "Proposed", row => row.ProposedAt)
        .Text("审批人", "Decided by", row => row.DecidedBy)
        .Moment("审批时间", "Decided", row => row.DecidedAt)
        .Text("退回理由", "Reason", row => row.Reason, 26)
        .Text("链尾", "End of the chain", row => row.ThroughNumber is { } number ? $"{number}" : null)
        .Text("校验值", "Hash", row => row.Root is { } root ? Convert.ToHexStringLower(root) : null, 60);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query) => ExportTable.Of(query, Columns, await closings.ListAsync());
}

/// <summary>What a closed month froze.</summary>
public sealed class ClosedMonthExport(ClosingStore closings) : ListExport("closed-month", new("月结表", "Closed month"), Permission.ReadLedger)
{
    private static readonly Columns<BudgetLine> Columns = new Columns<BudgetLine>()
        .Number("年度", "Year", row => row.Year)
        .Text("资金来源", "Source", row => row.Source, 24)
        .Text("项目", "Line", row => row.Name, 24)
        .Balances();

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var id = query.Id("closing");
        if (id > int.MaxValue || await closings.FindAsync((int)id) is not { State: MonthState.Closed } month) return null;
        query.Show("月份", "Month", CloseMonth.Show(month.Month));
        query.Show("链尾", "End of the chain", $"{month.ThroughNumber}");
        query.Show("校验值", "Hash", month.Root is { } root ? Convert.ToHexStringLower(root) : null);
        return ExportTable.Of(query, Columns, await closings.LinesAsync(month.Id), CloseMonth.Show(month.Month));
    }
}

/// <summary>Corrections, proposed and decided.</summary>
public sealed class LedgerCorrectionsExport(CorrectionStore corrections) : ListExport("ledger-corrections", new("账目更正", "Corrections of the ledger"), Permission.ReadLedger)
{
    private static readonly Columns<ProposedCorrection> Columns = new Columns<ProposedCorrection>()
        .Words("账目", "Transaction", row => row.Kind.Name())
        .Text("文号", "Document", row => row.DocumentNo, 20)
        .Text("理由", "Reason", row => row.Reason, 30)
        .Words("状态", "State", row => row.State.Name())
        .Text("提出人", "Proposed by", row => row.ProposedBy)
        .Moment("提出时间", "Proposed", row => row.ProposedAt)
        .Text("审批人", "Decided by", row => row.DecidedBy)
        .Moment("审批时间", "Decided", row => row.DecidedAt);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query) => ExportTable.Of(query, Columns, await corrections.ListAsync());
}
