namespace Voucher.Server.Register.Importing;

/// <summary>Which column of the sheet is which of the 花名册.</summary>
/// <param name="LastRow">Number of the header's last row; data begin below.</param>
/// <param name="NotUsed">Titles that are none of the form's.</param>
/// <param name="IsDemo">A title row says that the people are made up.</param>
public sealed record HeaderRow(int LastRow, IReadOnlyDictionary<RegisterColumn, int> Columns, IReadOnlyList<string> NotUsed, bool IsDemo)
{
    /// <summary>Stands in a title row above generated people, so that they can never pass for real ones.</summary>
    public const string DemoMark = "虚构演示数据";

    private const int LongestTitle = 60;

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
            if (Read(row) is { } header) found = found is null ? header with { IsDemo = isDemo } : found.JoinedBy(header);
            else if (found is not null || row.Number >= UploadLimits.HeaderWithinRows) return found;
            else isDemo |= row.Cells.Any(cell => cell.Text.Contains(DemoMark, StringComparison.Ordinal));
        }
        return found;
    }

    /// <summary>Whether a row among the data repeats the header, as sheets made for printing do.</summary>
    public bool IsRepeatedBy(SheetRow row) =>
        RegisterColumns.Named(TitleAt(row, Columns[RegisterColumn.Name])) == RegisterColumn.Name
        && RegisterColumns.Named(TitleAt(row, Columns[RegisterColumn.IdNumber])) == RegisterColumn.IdNumber;

    private static HeaderRow? Read(SheetRow row)
    {
        var columns = new Dictionary<RegisterColumn, int>();
        var notUsed = new List<string>();
        for (var at = 0; at < row.Cells.Count; at++)
        {
            var title = TitleAt(row, at);
            if (RegisterColumns.Named(title) is not { } column) { if (title.Length > 0) notUsed.Add(title); }
            else if (!columns.TryAdd(column, at) && !RepeatsLeftNeighbour(row, at)) throw Twice(column, row.Number);
        }
        return columns.ContainsKey(RegisterColumn.Name) && columns.ContainsKey(RegisterColumn.IdNumber)
            ? new HeaderRow(row.Number, columns, notUsed, IsDemo: false)
            : null;
    }

    /// <summary>A title merged over two columns shows up in both.</summary>
    private static bool RepeatsLeftNeighbour(SheetRow row, int at) => row.At(at - 1).Text == row.At(at).Text;

    /// <summary>Cleaned: titles are compared by Unicode form, which half of a surrogate pair has none of.</summary>
    private static string TitleAt(SheetRow row, int at) =>
        row.At(at).Text.Length <= LongestTitle && row.At(at).Clean() is { } title ? title : "";

    private HeaderRow JoinedBy(HeaderRow below) => this with
    {
        LastRow = below.LastRow,
        Columns = Columns.Concat(below.Columns).DistinctBy(pair => pair.Key).ToDictionary(),
        NotUsed = below.NotUsed,
    };

    private static UnusableFileException Twice(RegisterColumn column, int row) => new(new(
        $"表头（第 {row} 行）有两列“{column.Title()}”，请删去一列", $"The header (row {row}) has two columns “{column.Title()}”; delete one"));
}
