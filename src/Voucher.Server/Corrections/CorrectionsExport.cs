using Voucher.Core.Wire;
using Voucher.Server.Journals.Faults;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Corrections;

/// <summary>All requests to correct a scan, the open ones first.</summary>
public sealed class CorrectionsExport(CorrectionStore corrections) : ListExport("corrections", new("更正申请", "Corrections"), Permission.DecideCorrection)
{
    private static readonly Columns<Correction> Columns = new Columns<Correction>()
        .Text("编号", "Number", row => $"{row.Id}", 10)
        .Words("状态", "Standing", row => row.Decision?.Name() ?? new("待决定", "To decide"), 14)
        .Words("原因", "Reason", row => row.Reason.Name())
        .Text("说明", "Note", row => row.Note, 30)
        .Text("机构", "Institution", row => row.InstitutionName, 28)
        .Text("终端", "Terminal", row => row.TerminalName)
        .Text("班级", "Class", row => row.ClassName, 24)
        .Text("券号", "Voucher", row => row.VoucherId?.ToString(), 22)
        .Text("持券人", "Holder", row => row.Holder, 12)
        .Words("办理", "Scan for", row => row.Mode?.Name(), 10)
        .Moment("扫码时间", "Scanned", row => row.ScannedAt)
        .Moment("申请时间", "Asked", row => row.AskedAt)
        .Text("决定人", "Decided by", row => row.DecidedBy, 12)
        .Moment("决定时间", "Decided", row => row.DecidedAt)
        .Text("决定理由", "Ground", row => row.DecisionReason, 30);

    public override Task<ExportTable?> OpenAsync(ExportQuery query) => Task.FromResult<ExportTable?>(ExportTable.Of(
        query, Columns,
        PagedRows.Of(row => row.Id, (skip, take) => corrections.OpenAsync(take, skip)).Concat(PagedRows.Of(row => row.Id, (skip, take) => corrections.DecidedAsync(take, skip)))));
}
