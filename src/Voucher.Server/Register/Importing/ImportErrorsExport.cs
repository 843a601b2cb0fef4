using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Register.Importing;

/// <summary>Every error of one import, by its row as Excel counts; no names or numbers of people are in it.</summary>
public sealed class ImportErrorsExport(ImportStore imports) : ListExport("import-errors", new("没有导入的行", "Rows not imported"), Permission.ReadWholeRegister)
{
    private static readonly Columns<ImportError> Columns = new Columns<ImportError>()
        .Number("行号", "Row", row => row.RowNumber)
        .Text("列", "Column", row => row.ColumnName, 16)
        .Words("原因", "Reason", row => row.Reason, 50);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var id = query.Id("import");
        if (await imports.GetAsync(id) is not { } import) return null;
        query.Show("文件", "File", import.FileName);
        return ExportTable.Of(query, Columns, PagedRows.Of(row => (row.RowNumber, row.ColumnName, row.Reason.Zh), (skip, take) => imports.ErrorsAsync(id, skip, take)), import.FileName);
    }
}
