using System.IO.Compression;
using System.Text;

namespace Voucher.Server.Spreadsheets;

/// <summary>
/// A workbook (.xlsx) written row by row into a stream that need not seek. A list that is longer than a sheet goes on on the
/// next one, under the same header.
/// </summary>
public sealed class Workbook : IDisposable
{
    /// <summary>Rows of a sheet, by Excel's own limit; the header is one of them.</summary>
    public const int MostRowsOfSheet = 1_048_576;

    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private readonly ZipArchive _zip;
    private readonly int _mostRows;
    private readonly List<string> _names = [];
    private SheetWriter? _sheet;
    private (string Name, IReadOnlyList<SheetColumn> Columns, bool HasHeader, int Number) _list;

    /// <param name="mostRowsOfSheet">Fewer only in tests.</param>
    public Workbook(Stream to, int mostRowsOfSheet = MostRowsOfSheet)
    {
        _mostRows = mostRowsOfSheet;
        _zip = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true);
        AddPart("[Content_Types].xml", WorkbookParts.ContentTypes);
        AddPart("_rels/.rels", WorkbookParts.PackageRelations);
        AddPart("xl/styles.xml", WorkbookParts.Styles);
    }

    /// <summary>Begins a list on a sheet of its own.</summary>
    /// <param name="hasHeader">Otherwise the first row added is the first of the sheet.</param>
    public void Begin(string name, IReadOnlyList<SheetColumn> columns, bool hasHeader = true)
    {
        _list = (name, columns, hasHeader, 1);
        BeginSheet();
    }

    public void Add(SheetCell[] cells)
    {
        if (_sheet!.Rows == _mostRows)
        {
            _list.Number++;
            BeginSheet();
        }
        _sheet.Add(cells);
    }

    public void Dispose()
    {
        _sheet?.Dispose();
        AddPart("xl/workbook.xml", WorkbookParts.Book(_names));
        AddPart("xl/_rels/workbook.xml.rels", WorkbookParts.BookRelations(_names.Count));
        _zip.Dispose();
    }

    private void BeginSheet()
    {
        _sheet?.Dispose();
        _names.Add(SheetName.Of(_list.Name, _list.Number));
        var part = _zip.CreateEntry($"xl/worksheets/sheet{_names.Count}.xml", CompressionLevel.Fastest).Open();
        _sheet = new SheetWriter(part, _list.Columns, _list.HasHeader, isFirst: _names.Count == 1);
    }

    private void AddPart(string path, string xml)
    {
        using var writer = new StreamWriter(_zip.CreateEntry(path).Open(), new UTF8Encoding(false));
        writer.Write("""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""");
        writer.Write(xml);
    }
}
