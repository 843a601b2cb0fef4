using Voucher.Core.Fraud;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Fraud;

/// <summary>All holds, the open ones first; bait that nobody has shown is in no list and in no file.</summary>
public sealed class HoldsExport(HoldReading holds) : ListExport("holds", new("疑点核查", "Holds"), Permission.ReadHolds)
{
    private static readonly Columns<HoldDetail> Columns = new Columns<HoldDetail>()
        .Text("编号", "Number", row => VoucherHold.NumberOf(row.Hold.Id), 14)
        .Words("状态", "Standing", row => row.IsOpen ? new("待核查", "To decide") : new("已处理", "Decided"), 12)
        .Words("疑点", "Reason", row => row.Hold.Reason.Name(), 24)
        .Text("券号", "Voucher", row => row.Voucher.ToString(), 22)
        .Words("持券人", "Holder", row => row.Holder is { } name ? new(name, name) : new("无人（诱饵券）", "Nobody (bait)"))
        .Words("券的状态", "Voucher's state", row => row.State.Name())
        .Moment("发现时间", "Found", row => row.AlarmedAt)
        .Moment("办理期限", "Due", row => row.Hold.DueAt)
        .Text("机构", "Institutions", row => string.Join('、', row.Desks.Select(desk => desk.Institution)), 30)
        .Words("结论", "Verdict", row => row.Decisions.LastOrDefault()?.Verdict.Name())
        .Text("理由", "Ground", row => row.Decisions.LastOrDefault()?.Reason, 30)
        .Text("决定人", "Decided by", row => row.Decisions.LastOrDefault()?.DecidedBy, 12)
        .Moment("决定时间", "Decided", row => row.Decisions.LastOrDefault()?.DecidedAt);

    public override Task<ExportTable?> OpenAsync(ExportQuery query) => Task.FromResult<ExportTable?>(ExportTable.Of(
        query, Columns, PagedRows.Of(row => row.Hold.Id, (skip, take) => holds.ListAsync(true, skip, take)).Concat(PagedRows.Of(row => row.Hold.Id, (skip, take) => holds.ListAsync(false, skip, take)))));
}
