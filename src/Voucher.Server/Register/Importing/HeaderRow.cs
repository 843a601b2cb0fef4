namespace Voucher.Server.Register.Importing;

/// <summary>Which column of the sheet is which of the 花名册.</summary>
/// <param name="LastRow">Number of the header's last row; data begin below.</param>
/// <param name="Titles">Of every column of the sheet, cleaned; empty where there is none.</param>
/// <param name="IsDemo">A title row says that the people are made up.</param>
public sealed record HeaderRow(int LastRow, IReadOnlyDictionary<RegisterColumn, int> Columns, IReadOnlyList<string> Titles, bool IsDemo)
{
    /// <summary>Stands in a title row above generated people, so that they can never pass for real ones.</summary>
    public const string DemoMark = "虚构演示数据";

    private const int LongestTitle = 60;

    /// <summary>A row with a number of so many digits is no header.</summary>
    private const int DigitsOfNumber = 5;

    /// <summary>In which order a clerk has found dates to be written.</summary>
    public DateOrder Dates { get; init; }

    /// <summary>People can be read: their names and numbers have a column.</summary>
    public bool IsComplete => Columns.ContainsKey(RegisterColumn.Name) && Columns.ContainsKey(RegisterColumn.IdNumber);

    /// <summary>Titles that are none of the form's.</summary>
    public IReadOnlyList<string> NotUsed =>
        [.. Titles.Where((title, at) => title.Length > 0 && !Columns.Values.Contains(at) && !RepeatsUsed(title, at))];

    /// <summary>
    /// The header within the first rows; title rows above it are skipped. A header of two rows (merged cells) counts as one.
    /// <c>null</c> when there is none: 姓名 and 身份证号码 must be there.
    /// </summary>
    /// <exception cref="UnusableFileException">Two columns have the same title.</exception>
    public static HeaderRow? Find(IEnumerable<SheetRow> rows)
    {
        HeaderRow? found = null;
        var isDemo = false;
        foreach (var row in rows.Take(UploadLimits.HeaderWithinRows + 1))
        {
            if (Read(row) is { IsComplete: true } header) found = found is null ? header with { IsDemo = isDemo } : found.JoinedBy(header);
            else if (found is not null || row.Number >= UploadLimits.HeaderWithinRows) return found;
            else isDemo |= row.Cells.Any(cell => cell.Text.Contains(DemoMark, StringComparison.Ordinal));
        }
        return found;
    }

    /// <summary>
    /// What may be a header whose titles are not known: the first of the first rows with several texts and no number in it. A
    /// clerk has to say what its columns are.
    /// </summary>
    public static HeaderRow? Guess(IEnumerable<SheetRow> rows) => rows
        .TakeWhile(row => row.Number <= UploadLimits.HeaderWithinRows)
        .Where(row => row.Cells.Count(cell => !cell.IsBlank) >= 2 && !row.Cells.Any(HoldsNumber))
        .Select(row => Read(row, takesFirst: true)).FirstOrDefault();

    /// <summary>Whether a row among the data repeats the header, as sheets made for printing do.</summary>
    public bool IsRepeatedBy(SheetRow row) =>
        IsTitle(row, RegisterColumn.Name) && IsTitle(row, RegisterColumn.IdNumber);

    /// <summary>The same header, with what a clerk has said of its columns.</summary>
    public HeaderRow With(ColumnChoice choice) => this with { Columns = choice.Columns, Dates = choice.Dates };

    /// <summary>Of every column of the row, cleaned.</summary>
    public static IReadOnlyList<string> TitlesOf(SheetRow row) => [.. Enumerable.Range(0, row.Cells.Count).Select(at => TitleAt(row, at))];

    private bool IsTitle(SheetRow row, RegisterColumn column) =>
        TitleAt(row, Columns[column]) is { Length: > 0 } title && (RegisterColumns.Named(title) == column || title == Titles[Columns[column]]);

    private static bool HoldsNumber(Cell cell) => cell.Text.Count(char.IsDigit) >= DigitsOfNumber;

    private static HeaderRow Read(SheetRow row) => Read(row, takesFirst: false);

    private static HeaderRow Read(SheetRow row, bool takesFirst)
    {
        var columns = new Dictionary<RegisterColumn, int>();
        var titles = TitlesOf(row);
        var twice = (RegisterColumn?)null;
        for (var at = 0; at < titles.Count; at++)
            if (RegisterColumns.Named(titles[at]) is { } column && !columns.TryAdd(column, at) && !RepeatsLeftNeighbour(row, at)) twice ??= column;
        var header = new HeaderRow(row.Number, columns, titles, IsDemo: false);
        return twice is { } column2 && !takesFirst && header.IsComplete ? throw Twice(column2, row.Number) : header;
    }

    /// <summary>A title merged over two columns shows up in both.</summary>
    private static bool RepeatsLeftNeighbour(SheetRow row, int at) => row.At(at - 1).Text == row.At(at).Text;

    private bool RepeatsUsed(string title, int at) => at > 0 && Titles[at - 1] == title && Columns.Values.Contains(at - 1);

    /// <summary>Cleaned: titles are compared by Unicode form, which half of a surrogate pair has none of.</summary>
    private static string TitleAt(SheetRow row, int at) =>
        row.At(at).Text.Length <= LongestTitle && row.At(at).Clean() is { } title ? title : "";

    private HeaderRow JoinedBy(HeaderRow below) => this with
    {
        LastRow = below.LastRow,
        Columns = Columns.Concat(below.Columns).DistinctBy(pair => pair.Key).ToDictionary(),
        Titles = below.Titles,
    };

    private static UnusableFileException Twice(RegisterColumn column, int row) => new(new(
        $"表头（第 {row} 行）有两列“{column.Title()}”，请删去一列", $"The header (row {row}) has two columns “{column.Title()}”; delete one"));
}
