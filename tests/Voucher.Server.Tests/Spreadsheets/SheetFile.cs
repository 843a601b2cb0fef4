using System.IO.Compression;
using System.Text;
using ExcelDataReader;

namespace Voucher.Server.Tests.Spreadsheets;

/// <summary>A workbook as another program reads it: each sheet's rows, cells as text, number, date or nothing.</summary>
public sealed class SheetFile
{
    private readonly byte[] _content;

    static SheetFile() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public SheetFile(byte[] content)
    {
        _content = content;
        using var reader = ExcelReaderFactory.CreateOpenXmlReader(new MemoryStream(content, writable: false));
        do
        {
            List<object?[]> rows = [];
            while (reader.Read()) rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)]);
            Sheets.Add((reader.Name, rows));
        }
        while (reader.NextResult());
    }

    public List<(string Name, List<object?[]> Rows)> Sheets { get; } = [];

    public IReadOnlyList<string> Header => [.. Sheets[0].Rows[0].Select(cell => (string)cell!)];

    /// <summary>Of the list, below its header.</summary>
    public IReadOnlyList<object?[]> Rows => [.. Sheets[0].Rows.Skip(1)];

    /// <summary>What the sheet “说明” says under a label.</summary>
    public object? About(string label) => Sheets[^1].Rows.FirstOrDefault(row => Equals(row[0], label))?[1];

    public IReadOnlyList<object?> Column(string title) => [.. Rows.Select(row => row[Header.ToList().IndexOf(title)])];

    /// <summary>A part of the file as it is written.</summary>
    public string Part(string path)
    {
        using var zip = new ZipArchive(new MemoryStream(_content, writable: false));
        using var reader = new StreamReader(zip.GetEntry(path)!.Open());
        return reader.ReadToEnd();
    }
}
