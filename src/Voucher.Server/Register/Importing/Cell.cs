using System.Globalization;
using System.Text;

namespace Voucher.Server.Register.Importing;

/// <summary>One cell as the file has it.</summary>
/// <param name="IsNumber">The workbook holds a number: digits beyond the fifteenth are lost.</param>
/// <param name="IsFormula">The text is the stored result of a formula.</param>
public readonly record struct Cell(string Text, bool IsNumber = false, bool IsFormula = false)
{
    /// <summary>Numbers from here on have lost digits in a double.</summary>
    public const double LosesDigits = 1e15;

    public static readonly Cell Empty = new("");

    public bool IsBlank => string.IsNullOrWhiteSpace(Text);

    /// <summary>Text that a spreadsheet would compute. A leading apostrophe, Excel's mark for text, makes it inert.</summary>
    public bool IsFormulaText => Text.AsSpan().TrimStart() is ['=' or '＝', ..];

    public static Cell Of(object? value, bool isFormula) => value switch
    {
        null => Empty,
        string text => new(text, IsFormula: isFormula),
        double number => new(Show(number), IsNumber: true, isFormula),
        int number => new(number.ToString(CultureInfo.InvariantCulture), IsNumber: true, isFormula),
        DateTime day => new(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), IsFormula: isFormula),
        _ => new(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", IsFormula: isFormula),
    };

    private static string Show(double number) =>
        Math.Abs(number) < LosesDigits && Math.Truncate(number) == number
            ? number.ToString("F0", CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>
    /// The text without what nobody sees: direction marks and zero-width characters that come with copying, line breaks,
    /// blanks at the ends and doubled ones; <c>null</c> when it holds what no database or paper can take (control
    /// characters, half of a surrogate pair).
    /// </summary>
    public string? Clean()
    {
        var clean = new StringBuilder(Text.Length);
        foreach (var rune in Text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Format) continue;
            if (category is UnicodeCategory.Control && !Rune.IsWhiteSpace(rune)) return null;
            if (rune == Rune.ReplacementChar) return null; // What half of a surrogate pair is read as.
            if (!Rune.IsWhiteSpace(rune)) clean.Append(rune);
            else if (clean.Length > 0 && clean[^1] != ' ') clean.Append(' ');
        }
        if (clean.Length > 0 && clean[^1] == ' ') clean.Length--;
        if (clean.Length > 1 && clean[0] == '\'') clean.Remove(0, 1);
        return clean.ToString();
    }
}

/// <summary>One row as the file has it.</summary>
/// <param name="Number">As Excel counts: the first is 1.</param>
public sealed record SheetRow(int Number, IReadOnlyList<Cell> Cells, bool IsHidden = false)
{
    public Cell At(int column) => column < Cells.Count ? Cells[column] : Cell.Empty;
}

/// <summary>One sheet of a file; rows are read anew at each enumeration and never all at once.</summary>
public sealed record Sheet(string Name, IEnumerable<SheetRow> Rows);

/// <summary>
/// The file as a whole cannot be used. An exception, because parsers stream: it can come at any row, and is turned into
/// bad input of the field <c>file</c> where the file was handed in.
/// </summary>
public sealed class UnusableFileException(Words problem) : Exception(problem.En)
{
    public Words Problem { get; } = problem;
}
