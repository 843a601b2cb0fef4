namespace Voucher.Server.Settling.Forms;

/// <summary>What every form bears: whose it is, who made it and when, and the rule it rests on.</summary>
public sealed record FormFrame(RegionCode Region, string County, DateTimeOffset Now, string MadeBy, IReadOnlyList<string> Rules)
{
    public FormSheet Sheet(
        FormKind kind, Words title, string number, IReadOnlyList<(Words Label, FormCell Value)> facts, IReadOnlyList<FormTable> tables, IReadOnlyList<FormSign> signs,
        IReadOnlyList<string>? rules = null, bool isWide = true) =>
        new(kind, title, number, County, Now, MadeBy, facts, [.. tables.Select(Numbered)], signs, rules is { Count: > 0 } ? rules : Rules, isWide);

    /// <summary>With the rows' sequence before them, so that a row that is missing from a print is seen.</summary>
    private static FormTable Numbered(FormTable table) => table with
    {
        Columns = [new FormColumn(new("序号", "No."), Spreadsheets.CellKind.Count, 6), .. table.Columns],
        Rows = [.. table.Rows.Select((row, index) => (FormCell[])[index + 1, .. row])],
        Total = table.Total is { } total ? ["", .. total] : null,
    };
}
