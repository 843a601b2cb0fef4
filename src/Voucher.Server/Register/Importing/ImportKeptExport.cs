using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Register.Importing;

/// <summary>Everybody whom an undo leaves as the import made them, with the reason; masked. Before the undo: as it would be now.</summary>
public sealed class ImportKeptExport(ImportStore imports, UndoStore undo)
    : ListExport("import-kept", new("撤销导入时保留的人", "Kept by an undo"), Permission.ReadWholeRegister)
{
    private static readonly Columns<KeptPerson> Columns = new Columns<KeptPerson>()
        .Text("姓名", "Name", row => row.Name, 12)
        .Text("身份证号码", "Identity number", row => row.IdNumberMasked, 22)
        .Words("保留的原因", "Why", row => row.Why.Name(), 26);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        if (await imports.GetAsync(query.Id("import")) is not { } import) return null;
        query.Show("文件", "File", import.FileName);
        return ExportTable.Of(query, Columns, undo.KeptAsync(import.Id), import.FileName);
    }
}
