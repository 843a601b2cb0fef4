using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Recovering;

/// <summary>A notice as a workbook: its text on the first sheet, its vouchers on the second with their total last. The same words as on paper.</summary>
public static class NoticeWorkbook
{
    public static byte[] Write(NoticeSheet sheet, string language)
    {
        using var file = new MemoryStream();
        using (var book = new Workbook(file))
        {
            book.Begin(sheet.Title, [new("", CellKind.Text, 18), new("", CellKind.Text, 90)], hasHeader: false);
            foreach (var (label, value) in TextOf(sheet)) book.Add([SheetCell.OfText(label.In(language)), SheetCell.OfText(value)]);
            if (sheet.Rows.Count > 0) AddRows(book, sheet, language);
        }
        return file.ToArray();
    }

    private static IEnumerable<(Words Label, string Value)> TextOf(NoticeSheet sheet)
    {
        yield return (new("文书", "Notice"), sheet.Title);
        yield return (new("编号", "No."), sheet.Number);
        if (sheet.Stamp is { } stamp) yield return (new("作废", "Void"), stamp);
        yield return (new("致", "To"), sheet.To);
        foreach (var paragraph in sheet.Paragraphs) yield return (new("正文", "Text"), paragraph);
        if (sheet.Amount > Fen.Zero) yield return (new("追回金额（大写）", "Taken back"), sheet.Amount.ToCapitalChinese());
        if (sheet.Receivable > Fen.Zero) yield return (new("应缴回（大写）", "To be paid in"), sheet.Receivable.ToCapitalChinese());
        yield return (new("依据", "Rule"), sheet.Rule);
        yield return (new("落款", "From"), sheet.From);
        yield return (new("日期", "Date"), NoticeSheet.Chinese(sheet.On));
        if (sheet.Remedy is { } remedy) yield return (new("救济", "Remedy"), remedy);
    }

    private static void AddRows(Workbook book, NoticeSheet sheet, string language)
    {
        string In(string zh, string en) => new Words(zh, en).In(language);
        book.Begin(In("明细", "Vouchers"),
        [
            new(In("序号", "No."), CellKind.Number, 6), new(In("券号", "Voucher"), CellKind.Text, 24), new(In("班级", "Class"), CellKind.Text, 28),
            new(In("事由", "Reason"), CellKind.Text, 44), new(In("追回金额（元）", "Taken back (yuan)"), CellKind.Money, 16),
        ]);
        foreach (var (index, row) in sheet.Rows.Index())
            book.Add([SheetCell.OfNumber(index + 1), SheetCell.OfText(row.Voucher), SheetCell.OfText(row.ClassName), SheetCell.OfText(row.Reason), SheetCell.OfMoney(row.Amount)]);
        book.Add([SheetCell.OfNumber(null), SheetCell.OfText(In("合计", "Total")), SheetCell.OfText(""), SheetCell.OfText(sheet.Amount.ToCapitalChinese()), SheetCell.OfMoney(sheet.Amount)]);
    }
}
