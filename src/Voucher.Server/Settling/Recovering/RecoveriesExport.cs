using Voucher.Core.Settling;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Recovering;

/// <summary>All recoveries that the reader may see.</summary>
public sealed class RecoveriesExport(RecoveryReading recoveries) : ListExport("recoveries", new("追回", "Taking back"), Permission.ReadRecoveries)
{
    private static readonly Columns<RecoverySummary> Columns = new Columns<RecoverySummary>()
        .Text("通知书编号", "Notice", row => row.Notice, 18)
        .Words("状态", "State", row => row.State.Name(), 14)
        .Text("机构或学员", "Institution or trainee", row => row.Debtor, 28)
        .Words("来源", "Source", row => row.Source.Name(), 16)
        .Text("问题", "Finding", row => row.Finding, 40)
        .Tally("券数", "Vouchers", Unit.Vouchers, row => row.Vouchers)
        .Money("追回金额", "Taken back", row => row.Amount)
        .Money("应收", "Receivable", row => row.Receivable)
        .Money("已缴回", "Paid in", row => row.PaidIn)
        .Money("已抵扣", "Netted", row => row.Netted)
        .Money("未收回", "Outstanding", row => row.Outstanding)
        .Day("缴回期限", "Pay by", row => row.PayBy)
        .Text("提出人", "Proposed by", row => row.ProposedBy, 12)
        .Moment("提出时间", "Proposed", row => row.ProposedAt)
        .Text("决定人", "Decided by", row => row.DecidedBy, 12)
        .Moment("决定时间", "Decided", row => row.DecidedAt);

    public override Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var state = query.Choice<RecoveryState>("state");
        query.Show("状态", "State", state?.Name());
        return Task.FromResult<ExportTable?>(ExportTable.Of(
            query, Columns, PagedRows.Of(row => row.Id, (skip, take) => recoveries.ListAsync(query.Actor, state, skip, take))));
    }
}

/// <summary>The vouchers of one recovery.</summary>
public sealed class RecoveryLinesExport(RecoveryReading recoveries) : ListExport("recovery-lines", new("追回明细", "Vouchers taken back"), Permission.ReadRecoveries)
{
    private static readonly Columns<RecoveryLineRow> Columns = new Columns<RecoveryLineRow>()
        .Text("券号", "Voucher", row => row.Voucher.ToString(), 22)
        .Text("持券人", "Holder", row => row.Holder, 12)
        .Text("班级", "Class", row => row.ClassName, 24)
        .Text("申报单", "Claim", row => $"{row.Claim}", 10)
        .Text("预算项目", "Budget line", row => row.BudgetLine, 30)
        .Money("追回金额", "Taken back", row => row.Amount)
        .Money("其中已付", "Of it paid", row => row.FromPaid)
        .Money("其中应付未付", "Of it owed", row => row.FromOwed)
        .Money("其中留存", "Of it kept back", row => row.FromRetained)
        .Text("理由", "Reason", row => row.Reason, 40);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        if (await recoveries.FindAsync(new RecoveryId(query.Id("recovery")), query.Actor) is not { } known) return null;
        query.Show("通知书编号", "Notice", known.Summary.Notice);
        query.Show("机构或学员", "Institution or trainee", known.Summary.Debtor);
        return ExportTable.Of(query, Columns, known.Lines, $"{known.Summary.Id}");
    }
}
