using System.Globalization;

namespace Voucher.Server.Spreadsheets;

/// <summary>The button under which a page offers its list as a spreadsheet, with the fields by which the list is narrowed now.</summary>
public sealed class ExportLink
{
    private readonly List<(string Name, string Value)> _fields = [];

    /// <param name="key">Of the list in the <see cref="ExportCatalogue"/>.</param>
    /// <param name="fields">As the export reads them; empty ones are left out.</param>
    public ExportLink(string key, params ReadOnlySpan<(string Name, object? Value)> fields)
    {
        Key = key;
        foreach (var (name, value) in fields)
            if (TextOf(value) is { Length: > 0 } text) _fields.Add((name, text));
    }

    public string Key { get; }

    /// <summary>On the button; says which of several lists it is where a page has two beside each other.</summary>
    public Words Label { get; init; } = new("导出 Excel", "Export to Excel");

    public IReadOnlyList<(string Name, string Value)> Fields => _fields;

    private static string? TextOf(object? value) => value switch
    {
        DateOnly day => CountyTime.Show(day),
        bool flag => flag ? "true" : null,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
