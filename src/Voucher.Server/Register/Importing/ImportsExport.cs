using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Register.Importing;

/// <summary>All imports with their results.</summary>
public sealed class ImportsExport(ImportStore imports) : ListExport("imports", new("导入记录", "Imports"), Permission.ReadWholeRegister)
{
    private static readonly Columns<ImportState> Columns = new Columns<ImportState>()
        .Text("文件", "File", row => row.FileName, 30)
        .Moment("时间", "Time", row => row.CreatedAt)
        .Text("经办", "By", row => row.CreatedBy, 12)
        .Text("名单", "List", row => row.ListName, 20)
        .Words("状态", "State", row => row.Status.Name(), 12)
        .Tally("行数", "Rows", Unit.Rows, row => row.TotalRows)
        .Tally("新增", "Added", Unit.People, row => row.Added)
        .Tally("更新", "Changed", Unit.People, row => row.Changed)
        .Tally("未变", "Unchanged", Unit.People, row => row.Unchanged)
        .Tally("有错", "Bad", Unit.Rows, row => row.Bad)
        .Moment("完成时间", "Finished", row => row.FinishedAt);

    public override Task<ExportTable?> OpenAsync(ExportQuery query) =>
        Task.FromResult<ExportTable?>(ExportTable.Of(query, Columns, PagedRows.Of(row => row.Id, (skip, take) => imports.NewestAsync(take, skip))));
}
