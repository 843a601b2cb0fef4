namespace Voucher.Server.Spreadsheets;

/// <summary>A column as it stands in the sheet.</summary>
/// <param name="Header">With the unit, in the reader's language.</param>
/// <param name="Width">In characters of the usual font.</param>
public sealed record SheetColumn(string Header, CellKind Kind, int Width)
{
    public const int Narrowest = 8;
    public const int Widest = 60;
}

/// <summary>
/// The columns of a list and what each shows of a row. Written as a chain, in the order of the sheet:
/// <c>new Columns&lt;Batch&gt;().Text("批次", "Batch", row => row.Name).Money("面值", "Face value", row => row.FaceValueFen)</c>.
/// </summary>
public sealed class Columns<T>
{
    private readonly List<(Words Title, Words? Unit, CellKind Kind, int Width, Func<T, string, SheetCell> Cell)> _columns = [];

    public int Count => _columns.Count;

    public Columns<T> Text(string zh, string en, Func<T, string?> of, int width = 18) =>
        Add(new(zh, en), null, CellKind.Text, width, (row, _) => SheetCell.OfText(of(row)));

    /// <summary>Text that has two languages.</summary>
    public Columns<T> Words(string zh, string en, Func<T, Words?> of, int width = 14) =>
        Add(new(zh, en), null, CellKind.Text, width, (row, language) => SheetCell.OfText(of(row)?.In(language)));

    public Columns<T> Number(string zh, string en, Func<T, long?> of, Words? unit = null, int width = 10) =>
        Add(new(zh, en), unit, CellKind.Number, width, (row, _) => SheetCell.OfNumber(of(row)));

    public Columns<T> Tally(string zh, string en, Words unit, Func<T, long?> of, int width = 14) =>
        Add(new(zh, en), unit, CellKind.Count, width, (row, _) => SheetCell.OfCount(of(row)));

    public Columns<T> Money(string zh, string en, Func<T, Fen?> of, int width = 16) =>
        Add(new(zh, en), Unit.Yuan, CellKind.Money, width, (row, _) => SheetCell.OfMoney(of(row)));

    public Columns<T> Percent(string zh, string en, Func<T, decimal?> of, int width = 12) =>
        Add(new(zh, en), Unit.Percent, CellKind.Percent, width, (row, _) => SheetCell.OfPercent(of(row)));

    public Columns<T> Day(string zh, string en, Func<T, DateOnly?> of, int width = 12) =>
        Add(new(zh, en), null, CellKind.Day, width, (row, _) => SheetCell.OfDay(of(row)));

    public Columns<T> Moment(string zh, string en, Func<T, DateTimeOffset?> of, int width = 18) =>
        Add(new(zh, en), null, CellKind.Moment, width, (row, _) => SheetCell.OfMoment(of(row)));

    public Columns<T> YesNo(string zh, string en, Func<T, bool?> of, int width = 10) => Words(
        zh, en, row => of(row) switch { true => new("是", "yes"), false => new("否", "no"), null => null }, width);

    public IReadOnlyList<SheetColumn> In(string language) =>
        [.. _columns.Select(column => new SheetColumn(HeaderOf(column.Title, column.Unit, language), column.Kind, column.Width))];

    public SheetCell[] CellsOf(T row, string language)
    {
        var cells = new SheetCell[_columns.Count];
        for (var i = 0; i < cells.Length; i++) cells[i] = _columns[i].Cell(row, language);
        return cells;
    }

    private static string HeaderOf(Words title, Words? unit, string language) =>
        unit is null ? title.In(language)
        : language.StartsWith("en", StringComparison.Ordinal) ? $"{title.En} ({unit.En})"
        : $"{title.Zh}（{unit.Zh}）";

    private Columns<T> Add(Words title, Words? unit, CellKind kind, int width, Func<T, string, SheetCell> cell)
    {
        _columns.Add((title, unit, kind, width, cell));
        return this;
    }
}
