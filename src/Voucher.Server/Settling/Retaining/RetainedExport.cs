using Voucher.Core.Settling;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Retaining;

/// <summary>Every line of which something was kept back, with when it is due and what speaks against it.</summary>
public sealed class RetainedExport(RetainedReading retained) : ListExport("retained", new("留存资金", "Retained money"), Permission.ReadPayments)
{
    private static readonly Columns<RetainedLine> Columns = new Columns<RetainedLine>()
        .Text("机构", "Institution", row => row.Institution, 26)
        .Text("券号", "Voucher", row => row.Voucher.ToString(), 22)
        .Text("班级", "Class", row => row.ClassName, 24)
        .Text("申报单", "Claim", row => $"{row.Claim}", 10)
        .Money("留存", "Retained", row => row.Retained)
        .Day("留存至", "Kept until", row => row.Money.Until)
        .Words("状态", "State", row => row.Money.State.Name(), 16)
        .Words("未办结事项", "Stands against it", row => row.Money.Obstacles == RetainedObstacles.None ? null : RetainedWords.Name(row.Money.Obstacles), 40);

    public override Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var institution = query.Number("institution");
        return Task.FromResult<ExportTable?>(ExportTable.Of(query, Columns, PagedRows.Of(row => row.Line, (skip, take) => retained.ListAsync(institution, skip, take))));
    }
}

/// <summary>Lists by which retained money was released or forfeited.</summary>
public sealed class RetainedListsExport(RetainedReading retained) : ListExport("retained-lists", new("留存名单", "Lists of retained money"), Permission.ReadPayments)
{
    private static readonly Columns<RetainedListSummary> Columns = new Columns<RetainedListSummary>()
        .Text("编号", "Number", row => $"{row.Id}", 10)
        .Words("办理", "What", row => RetainedListWords.Kind(row.IsRelease))
        .Tally("行数", "Lines", Unit.Rows, row => row.Lines)
        .Money("金额", "Amount", row => row.AmountFen)
        .Text("理由", "Reason", row => row.Reason, 30)
        .Text("拟定", "Drafted by", row => row.DraftedBy, 12)
        .Moment("拟定时间", "Drafted", row => row.DraftedAt)
        .Words("状态", "State", row => RetainedListWords.Name(row.Approved))
        .Text("决定", "Decided by", row => row.DecidedBy, 12)
        .Moment("决定时间", "Decided", row => row.DecidedAt)
        .Text("退回理由", "Why refused", row => row.RefusalReason, 30);

    public override Task<ExportTable?> OpenAsync(ExportQuery query) =>
        Task.FromResult<ExportTable?>(ExportTable.Of(query, Columns, PagedRows.Of(row => row.Id, retained.ListsAsync)));
}
