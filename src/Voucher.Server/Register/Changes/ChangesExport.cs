using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Register.Changes;

/// <summary>Every change of one person's entry in the register.</summary>
public sealed class ChangesExport(PersonStore people, ChangeStore changes)
    : ListExport("person-changes", new("变更记录", "Changes of an entry"), Permission.ReadHouseholds)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        if (await people.GetAsync(RegisterScope.Of(query.Actor), new PersonId(query.Id("person"))) is not { } person) return null;
        query.Show("姓名", "Name", person.Name);
        var words = await changes.WordsAsync();
        var columns = new Columns<ChangeLine>()
            .Number("序号", "No.", row => row.Number)
            .Moment("时间", "When", row => row.At)
            .Words("项目", "Field", row => row.Field.Name(), 16)
            .Words("原为", "Before", row => words.Show(row.Field, row.Before), 26)
            .Words("改为", "After", row => words.Show(row.Field, row.After), 26)
            .Text("导入文件", "Import", row => row.FileName, 26)
            .Words("经办", "By", row => row.Who is { } who ? new(who, who) : row.FileName is null ? new("系统", "The system") : null, 12)
            .Text("理由", "Ground", row => row.Reason, 30);
        return ExportTable.Of(query, columns, PagedRows.Of(row => row.Number, (skip, take) => changes.OfPersonAsync(person.Id, 1, take, skip)));
    }
}
