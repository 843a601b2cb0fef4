namespace Voucher.Server.Spreadsheets;

/// <summary>A sheet of text alone, as people fill it in: identity numbers typed into it stay whole.</summary>
public static class TextSheet
{
    private const int Width = 20;

    /// <summary>An empty form: the header, frozen, and columns that take text.</summary>
    public static void WriteForm(Stream to, string name, IEnumerable<string> header)
    {
        using var book = new Workbook(to);
        book.Begin(name, [.. header.Select(title => new SheetColumn(title, CellKind.Text, Width))]);
    }

    /// <summary>Rows as they are, with whatever stands in the first.</summary>
    public static void Write(Stream to, string name, int columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        using var book = new Workbook(to);
        book.Begin(name, [.. Enumerable.Repeat(new SheetColumn("", CellKind.Text, Width), columns)], hasHeader: false);
        foreach (var row in rows) book.Add([.. row.Select(SheetCell.OfText)]);
    }
}
