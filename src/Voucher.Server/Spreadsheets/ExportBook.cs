namespace Voucher.Server.Spreadsheets;

/// <summary>The second sheet of every export: what the list is, how it was narrowed, as of when, and for whom it was made.</summary>
public static class ExportBook
{
    private static readonly Words AboutName = new("说明", "About");

    public static void AddAbout(Workbook book, ListExport list, ExportTable table, ExportQuery query, long rows)
    {
        string Say(string zh, string en) => new Words(zh, en).In(query.Language);
        book.Begin(AboutName.In(query.Language), [new(Say("项目", "Item"), CellKind.Text, 16), new(Say("内容", "Content"), CellKind.Text, 60)]);
        void Add(string label, SheetCell value) => book.Add([SheetCell.OfText(label), value]);
        Add(Say("名称", "List"), SheetCell.OfText(TitleOf(list, table, query.Language)));
        foreach (var (label, value) in query.Shown) Add(label.In(query.Language), SheetCell.OfText(value));
        if (query.Shown.Count == 0) Add(Say("筛选", "Filter"), SheetCell.OfText(Say("无（全部）", "none (all)")));
        Add(Say("行数", "Rows"), SheetCell.OfCount(rows));
        Add(Say("截至", "As of"), SheetCell.OfMoment(query.Now));
        Add(Say("导出人", "Exported by"), SheetCell.OfText(query.Actor.Name));
        Add(Say("单位", "Units"), SheetCell.OfText(Say("写在表头括号里；时间为北京时间。", "In the header, in brackets; times are UTC+8.")));
        Add(Say("提示", "Note"), SheetCell.OfText(Say(
            "证件号、券号等编号按文本保存，不参与计算；每次导出都记入审计。",
            "Numbers of persons, vouchers and documents are text; every export is on the audit trail.")));
    }

    public static string TitleOf(ListExport list, ExportTable table, string language) =>
        table.Title is { } title ? $"{list.Name.In(language)} · {title}" : list.Name.In(language);

    /// <summary>As it is saved: the list and when it was made, nothing of a person.</summary>
    public static string FileNameOf(ListExport list, string language, DateTimeOffset at) =>
        $"{list.Name.In(language)} {CountyTime.ToLocal(at):yyyyMMdd-HHmm}.xlsx";
}
