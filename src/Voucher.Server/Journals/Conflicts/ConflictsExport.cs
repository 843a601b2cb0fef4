using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Journals.Conflicts;

/// <summary>All cases of contested enrolments, the open ones first.</summary>
public sealed class ConflictsExport(ConflictReading conflicts) : ListExport("conflicts", new("报到争议", "Enrolment conflicts"), Permission.ReadConflicts)
{
    private static readonly Columns<ConflictDetail> Columns = new Columns<ConflictDetail>()
        .Text("案号", "Case", row => row.CaseNumber, 14)
        .Words("状态", "Standing", row => row.IsOpen ? new("待裁定", "To decide") : row.Outcome?.Name(), 16)
        .Text("券号", "Voucher", row => row.Voucher.ToString(), 22)
        .Text("持券人", "Holder", row => row.Holder, 12)
        .Words("券的状态", "Voucher's state", row => row.State.Name())
        .Tally("报到", "Claims", Unit.Times, row => row.Claims.Count)
        .Text("机构与班级", "Institutions and classes", row => string.Join('；', row.Claims.Select(claim => $"{claim.Institution} {claim.Class}")), 50)
        .Text("成立的班级", "Upheld class", row => row.ClaimOf(row.Upheld)?.Class, 24)
        .Moment("立案时间", "Opened", row => row.OpenedAt)
        .Moment("了结时间", "Closed", row => row.DecidedAt)
        .Text("最后理由", "Last ground", row => row.Steps.Count > 0 ? row.Steps[^1].Reason : null, 30)
        .Text("最后经手", "Last step by", row => row.Steps.Count > 0 ? row.Steps[^1].By : null, 12)
        .YesNo("永不支付", "Never payable", row => row.IsNeverPayable);

    public override Task<ExportTable?> OpenAsync(ExportQuery query) => Task.FromResult<ExportTable?>(ExportTable.Of(
        query, Columns, PagedRows.Of(row => row.Id, (skip, take) => conflicts.ListAsync(true, skip, take)).Concat(PagedRows.Of(row => row.Id, (skip, take) => conflicts.ListAsync(false, skip, take)))));
}
