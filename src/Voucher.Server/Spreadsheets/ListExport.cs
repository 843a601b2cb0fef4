namespace Voucher.Server.Spreadsheets;

/// <summary>
/// A list that can be had as a spreadsheet. Each list has one, beside its page: it reads the page's own fields, asks the
/// page's own store, and names the columns.
/// </summary>
/// <param name="key">In the form and on the audit trail; never changes.</param>
/// <param name="name">Of the list: title of the sheet and name of the file.</param>
/// <param name="needs">The permission that opens the list's page.</param>
public abstract class ListExport(string key, Words name, string needs)
{
    public string Key => key;
    public Words Name => name;
    public string Needs => needs;

    /// <summary>
    /// The list as its fields narrow it, or <c>null</c> where there is none for this actor. Rows are read when they are asked
    /// for, so that a list of any length passes through.
    /// </summary>
    public abstract Task<ExportTable?> OpenAsync(ExportQuery query);
}

/// <summary>A list that is open: what its columns are, and its rows as they come.</summary>
/// <param name="Title">What the list belongs to, where it is one of many, such as the name of a class.</param>
public sealed record ExportTable(IReadOnlyList<SheetColumn> Columns, IAsyncEnumerable<SheetCell[]> Rows, string? Title = null)
{
    public static ExportTable Of<T>(ExportQuery query, Columns<T> columns, IAsyncEnumerable<T> rows, string? title = null) =>
        new(columns.In(query.Language), rows.Select(row => columns.CellsOf(row, query.Language)), title);

    public static ExportTable Of<T>(ExportQuery query, Columns<T> columns, IEnumerable<T> rows, string? title = null) =>
        Of(query, columns, rows.ToAsyncEnumerable(), title);
}
