using System.Globalization;
using System.IO.Compression;
using System.Xml;

namespace Voucher.Server.Register.Importing;

/// <summary>
/// Which cells of a sheet hold formulas, which the workbook reader does not tell; and, on the way, that the sheet keeps
/// within Excel's own bounds, which the reader takes on trust.
/// </summary>
public sealed class XlsxFormulas
{
    private readonly Dictionary<int, ulong> _columnsByRow = [];
    private int _row;
    private int _column;

    /// <param name="row">1 is the first.</param>
    /// <param name="column">0 is the first; only the first 64 are known.</param>
    public bool At(int row, int column) =>
        column < UploadLimits.HeaderWithinColumns && _columnsByRow.TryGetValue(row, out var columns) && (columns >> column & 1) == 1;

    /// <summary>One for each sheet, in the workbook's order.</summary>
    public static IReadOnlyList<XlsxFormulas> OfSheets(byte[] content)
    {
        using var zip = new ZipArchive(new MemoryStream(content, writable: false), ZipArchiveMode.Read);
        var targets = Elements(zip, "xl/_rels/workbook.xml.rels", "Relationship", "Id", "Target")
            .GroupBy(pair => pair.First).ToDictionary(group => group.Key, group => group.First().Second);
        return [.. Elements(zip, "xl/workbook.xml", "sheet", "id", "name")
            .Select(sheet => Scan(zip, targets.GetValueOrDefault(sheet.First, "")))];
    }

    private static XlsxFormulas Scan(ZipArchive zip, string target)
    {
        var formulas = new XlsxFormulas();
        var path = target.StartsWith('/') ? target[1..] : $"xl/{target}";
        if (zip.GetEntry(path) is not { } entry) return formulas;
        using var part = entry.Open();
        using var xml = XmlReader.Create(part, Settings);
        while (xml.Read())
            if (xml.NodeType == XmlNodeType.Element) formulas.Visit(xml);
        return formulas;
    }

    private void Visit(XmlReader xml)
    {
        switch (xml.LocalName)
        {
            case "row":
                _row = int.TryParse(xml.GetAttribute("r"), NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row : _row + 1;
                _column = -1;
                break;
            case "c":
                _column = ColumnOf(xml.GetAttribute("r")) ?? _column + 1;
                break;
            case "f" when _column is >= 0 and < UploadLimits.HeaderWithinColumns:
                _columnsByRow[_row] = _columnsByRow.GetValueOrDefault(_row) | 1UL << _column;
                break;
        }
        if (_row > UploadLimits.LastSheetRow || _column >= UploadLimits.LastSheetColumn)
            throw new UnusableFileException(new("工作表超出 Excel 的行列范围", "The sheet goes beyond Excel's own rows and columns"));
    }

    /// <summary>The letters of a cell's address as a number: A is 0.</summary>
    private static int? ColumnOf(string? address)
    {
        var column = 0;
        foreach (var letter in (address ?? "").TakeWhile(char.IsAsciiLetterUpper).Take(4)) column = column * 26 + (letter - 'A' + 1);
        return column == 0 ? null : column - 1;
    }

    /// <summary>Two attributes, by local name, of all elements of one name: strict and transitional workbooks differ in namespaces.</summary>
    private static IEnumerable<(string First, string Second)> Elements(ZipArchive zip, string path, string element, string first, string second)
    {
        if (zip.GetEntry(path) is not { } entry) yield break;
        using var part = entry.Open();
        using var xml = XmlReader.Create(part, Settings);
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != element) continue;
            yield return (Attribute(xml, first), Attribute(xml, second));
        }
    }

    private static string Attribute(XmlReader xml, string localName)
    {
        var value = "";
        for (var more = xml.MoveToFirstAttribute(); more; more = xml.MoveToNextAttribute())
            if (xml.LocalName == localName) value = xml.Value;
        xml.MoveToElement();
        return value;
    }

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CheckCharacters = false };
}
