using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Institutions.Consequences;

/// <summary>All consequences that the reader may see.</summary>
public sealed class ConsequencesExport(ConsequenceReading consequences) : ListExport("consequences", new("机构处理", "Consequences"), Permission.ReadRecoveries)
{
    private static readonly Columns<ConsequenceRecord> Columns = new Columns<ConsequenceRecord>()
        .Text("机构", "Institution", row => row.Institution, 28)
        .Words("处理", "Rung", row => row.Machine.Rung.Name(), 18)
        .Words("状态", "State", row => row.Machine.Standing, 22)
        .Text("通知书编号", "Notice", row => row.Notice, 18)
        .Text("问题", "Finding", row => row.Finding, 40)
        .Text("要求", "Demand", row => row.Demand, 40)
        .Day("期限", "Due", row => row.Machine.DueOn)
        .Text("提出人", "Proposed by", row => row.ProposedBy, 12)
        .Moment("提出时间", "Proposed", row => row.CreatedAt)
        .Text("决定人", "Decided by", row => row.ImposedBy, 12)
        .Moment("决定时间", "Decided", row => row.ImposedAt);

    public override Task<ExportTable?> OpenAsync(ExportQuery query) => Task.FromResult<ExportTable?>(ExportTable.Of(
        query, Columns, PagedRows.Of(row => row.Id, (skip, take) => consequences.ListAsync(query.Actor, null, query.Today, skip, take))));
}
