using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Forms;

/// <summary>
/// A form as a workbook: its head, totals in capitals and signatures on the first sheet, each table on a sheet of its own, with its
/// total last. Amounts and counts are numbers.
/// </summary>
public static class FormWorkbook
{
    public static byte[] Write(FormSheet form, string language)
    {
        using var file = new MemoryStream();
        using (var book = new Workbook(file))
        {
            book.Begin(form.Title.In(language), [new("", CellKind.Text, 22), new("", CellKind.Text, 60)], hasHeader: false);
            foreach (var (label, value) in HeadOf(form)) book.Add([SheetCell.OfText(label.In(language)), CellOf(value, CellKind.Text, language)]);
            foreach (var table in form.Tables) Add(book, table, language);
        }
        return file.ToArray();
    }

    private static IEnumerable<(Words Label, FormCell Value)> HeadOf(FormSheet form) =>
    [
        (new("表名", "Form"), form.Title), (new("县", "County"), form.County), (new("编号", "No."), form.Number), .. form.Facts,
        .. form.Tables.SelectMany(table => table.InCapitals).SelectMany(total => new (Words, FormCell)[]
        {
            (total.Label, total.Amount), (new($"{total.Label.Zh}（大写）", $"{total.Label.En}, in capitals"), total.Amount.ToCapitalChinese()),
        }),
        (new("制表", "Made"), $"{form.MadeBy} {CountyTime.Show(form.MadeAt)}"),
        (new("单位", "Unit"), new Words("元", "yuan")),
        .. form.Tables.Where(table => table.Note is not null).Select(table => (new Words("说明", "Note"), (FormCell)table.Note!)),
        .. form.Rules.Select(rule => (new Words("依据", "Rule"), (FormCell)rule)),
        .. form.Signs.Select(sign => (sign.Step, (FormCell)(sign.At is { } at ? $"{sign.Who} {CountyTime.Show(at)}" : sign.Who))),
    ];

    private static void Add(Workbook book, FormTable table, string language)
    {
        book.Begin(table.Title.In(language), [.. table.Columns.Select(column => new SheetColumn(column.Title.In(language), column.Kind, column.Width))]);
        foreach (var row in table.Rows) book.Add([.. row.Select((cell, index) => CellOf(cell, table.Columns[index].Kind, language))]);
        if (table.Total is { } total) book.Add([.. total.Select((cell, index) => CellOf(cell, table.Columns[index].Kind, language))]);
    }

    private static SheetCell CellOf(FormCell cell, CellKind kind, string language) =>
        cell.Money is { } amount ? SheetCell.OfMoney(amount)
        : cell.Count is { } count ? SheetCell.OfCount(count)
        : kind is CellKind.Text || cell.Text is { Zh.Length: > 0 } ? SheetCell.OfText(cell.Text?.In(language))
        : SheetCell.OfCount(null);
}
