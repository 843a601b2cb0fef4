using System.Globalization;
using System.Text;
using Voucher.Server.Api;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Register.Places;

/// <summary>One line of a file of codes.</summary>
public sealed record CodeLine(int Row, string Code, string Name, DateOnly? From);

/// <summary>
/// A CSV of codes and names (代码,名称[,启用日期]) as a county has its townships, villages or trades; UTF-8 or GB18030, with or
/// without a header. Everything that is wrong with it is said at once, by row.
/// </summary>
public sealed class CodeFile
{
    public const int MostLines = 5_000;
    public const int LargestBytes = 2_097_152;

    private CodeFile(IReadOnlyList<CodeLine> lines, IReadOnlyList<(int Row, string Problem)> problems) => (Lines, Problems) = (lines, problems);

    public IReadOnlyList<CodeLine> Lines { get; }
    public IReadOnlyList<(int Row, string Problem)> Problems { get; }

    /// <param name="isCode">Whether the digits are a code of the kind that the file is of.</param>
    public static CodeFile Read(byte[] content, Predicate<string> isCode, string whatIsWanted)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        if (content.Length > LargestBytes) return Unusable($"larger than {LargestBytes} bytes");
        try
        {
            return Of(CsvFile.Open(content)[0].Rows, isCode, whatIsWanted);
        }
        catch (UnusableFileException unusable)
        {
            return Unusable(unusable.Problem.En);
        }
    }

    private static CodeFile Of(IEnumerable<SheetRow> rows, Predicate<string> isCode, string whatIsWanted)
    {
        List<CodeLine> lines = [];
        List<(int, string)> problems = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var row in rows.Where(row => row.Cells.Any(cell => !cell.IsBlank)))
        {
            var code = string.Concat((row.At(0).Clean() ?? "").Select(FullWidth.ToAscii));
            if (lines.Count == 0 && problems.Count == 0 && !code.Any(char.IsAsciiDigit)) continue; // The header.
            if (lines.Count == MostLines) return Unusable($"more than {MostLines} lines");
            if (ProblemOf(row, code, isCode, whatIsWanted, out var from) is { } problem) problems.Add((row.Number, problem));
            else if (!seen.Add(code)) problems.Add((row.Number, "the code stands in the file twice"));
            else lines.Add(new(row.Number, code, row.At(1).Clean()!, from));
        }
        if (lines.Count == 0 && problems.Count == 0) return Unusable("no lines");
        return new(lines, problems);
    }

    private static string? ProblemOf(SheetRow row, string code, Predicate<string> isCode, string whatIsWanted, out DateOnly? from)
    {
        from = null;
        if (!isCode(code)) return $"code: {whatIsWanted}";
        if (row.At(1).Clean() is not { Length: > 0 } name || name.EnumerateRunes().Count() > Place.LongestName || !FieldReader.IsReadable(name))
            return $"name: 1 to {Place.LongestName} characters";
        if (row.At(2).Clean() is not { Length: > 0 } date) return null;
        if (!DateOnly.TryParseExact(date, ["yyyy-MM-dd", "yyyy/M/d", "yyyyMMdd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return "date: such as 2020-01-31";
        from = day;
        return null;
    }

    private static CodeFile Unusable(string why) => new([], [(0, why)]);
}
