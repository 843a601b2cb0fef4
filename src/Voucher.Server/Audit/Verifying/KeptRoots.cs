using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Voucher.Server.Audit.Verifying;

/// <summary>A root as it was taken away and kept elsewhere.</summary>
/// <param name="County">Six digits, as in the file; empty in files from before roots named it.</param>
/// <param name="Chain">Key of the <see cref="HashChain"/>.</param>
public sealed record KeptRoot(string County, string Chain, DateOnly Day, long Number, byte[] Hash);

/// <summary>Files of roots: written as CSV or JSON, read back in either form.</summary>
public static class KeptRoots
{
    public const string Header = "county,chain,day,number,sha256";

    /// <summary>The first form of the file, which knew one chain and no county.</summary>
    private const string FirstHeader = "day,number,sha256";

    private sealed record Line(string County, string Chain, string Day, long Number, string Sha256);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string ToCsv(IEnumerable<KeptRoot> roots)
    {
        var csv = new StringBuilder(Header).Append("\r\n");
        foreach (var root in roots)
            csv.Append(CultureInfo.InvariantCulture, $"{root.County},{root.Chain},{root.Day:yyyy-MM-dd},{root.Number},{Convert.ToHexStringLower(root.Hash)}\r\n");
        return csv.ToString();
    }

    public static string ToJson(IEnumerable<KeptRoot> roots) => JsonSerializer.Serialize(
        roots.Select(root => new Line(root.County, root.Chain, CountyTime.Show(root.Day), root.Number, Convert.ToHexStringLower(root.Hash))), Json);

    /// <exception cref="FormatException">The text is no file of roots; the message says which line.</exception>
    public static IReadOnlyList<KeptRoot> Read(string text)
    {
        text = text.TrimStart('\uFEFF').Trim();
        if (text.StartsWith('[')) return ReadJson(text);
        var lines = text.Split('\n').Select(line => line.Trim()).ToList();
        var isFirst = lines[0] == FirstHeader;
        if (!isFirst && lines[0] != Header) throw new FormatException($"The first line must be “{Header}”.");
        return [.. lines.Skip(1).Where(line => line.Length > 0).Select((line, index) => ReadLine(line.Split(','), isFirst, index + 2))];
    }

    private static KeptRoot ReadLine(string[] cells, bool isFirst, int line)
    {
        if (isFirst) cells = ["", "audit", .. cells];
        return cells.Length == 5 ? Make(cells[0], cells[1], cells[2], cells[3], cells[4], $"Line {line}") : throw new FormatException($"Line {line} has not the five fields {Header}.");
    }

    private static IReadOnlyList<KeptRoot> ReadJson(string text)
    {
        try
        {
            var lines = JsonSerializer.Deserialize<List<Line>>(text, Json) ?? [];
            return [.. lines.Select((line, index) => Make(line.County, line.Chain, line.Day, line.Number.ToString(CultureInfo.InvariantCulture), line.Sha256, $"Root {index + 1}"))];
        }
        catch (JsonException fault)
        {
            throw new FormatException($"The file is no JSON of roots: {fault.Message}", fault);
        }
    }

    private static KeptRoot Make(string? county, string? chain, string? day, string? number, string? hash, string where) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var known)
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var row) && row > 0
        && hash is { Length: 2 * AuditEntry.HashLength } && hash.All(char.IsAsciiHexDigit)
            ? new KeptRoot(county ?? "", chain ?? "", known, row, Convert.FromHexString(hash))
            : throw new FormatException($"{where} is no root: day yyyy-MM-dd, number, 64 hexadecimal digits.");
}
