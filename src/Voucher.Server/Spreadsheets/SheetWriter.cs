using System.Buffers;
using System.Globalization;
using System.Text;

namespace Voucher.Server.Spreadsheets;

/// <summary>One sheet, written row by row; what is kept in memory is a few thousand characters, however many rows there are.</summary>
internal sealed class SheetWriter : IDisposable
{
    private const int FlushAt = 16_384;

    private readonly Stream _to;
    private readonly IReadOnlyList<SheetColumn> _columns;
    private readonly string[] _letters;
    private readonly bool _hasHeader;
    private readonly StringBuilder _text = new(FlushAt * 2);
    private readonly ArrayBufferWriter<byte> _bytes = new(FlushAt * 4);

    /// <param name="isFirst">The sheet that is in front when the file is opened.</param>
    public SheetWriter(Stream to, IReadOnlyList<SheetColumn> columns, bool hasHeader, bool isFirst)
    {
        (_to, _columns, _hasHeader) = (to, columns, hasHeader);
        _letters = [.. columns.Select((_, index) => LettersOf(index))];
        Open(isFirst);
        if (hasHeader) AddRow(columns.Select(column => SheetCell.OfText(column.Header)), WorkbookParts.HeaderStyle);
    }

    /// <summary>Rows so far, the header among them.</summary>
    public int Rows { get; private set; }

    public void Add(SheetCell[] cells)
    {
        AddRow(cells, null);
        if (_text.Length >= FlushAt) Flush();
    }

    public void Dispose()
    {
        _text.Append("</sheetData>");
        if (_hasHeader) _text.Append(CultureInfo.InvariantCulture, $"""<autoFilter ref="A1:{_letters[^1]}{Rows}"/>""");
        _text.Append("</worksheet>");
        Flush();
        _to.Dispose();
    }

    /// <summary>A, B, … Z, AA, AB, …</summary>
    internal static string LettersOf(int index)
    {
        var letters = "";
        for (var rest = index + 1; rest > 0; rest = (rest - 1) / 26) letters = (char)('A' + (rest - 1) % 26) + letters;
        return letters;
    }

    private void Open(bool isFirst)
    {
        _text.Append("""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""");
        _text.Append(CultureInfo.InvariantCulture, $"""<worksheet xmlns="{WorkbookParts.Main}"><sheetViews><sheetView {(isFirst ? "tabSelected=\"1\" " : "")}workbookViewId="0">""");
        if (_hasHeader) _text.Append("""<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/>""");
        _text.Append("</sheetView></sheetViews><cols>");
        foreach (var (index, column) in _columns.Index())
        {
            var width = Math.Clamp(column.Width, SheetColumn.Narrowest, SheetColumn.Widest);
            _text.Append(CultureInfo.InvariantCulture, $"""<col min="{index + 1}" max="{index + 1}" width="{width}" style="{(int)column.Kind}" customWidth="1"/>""");
        }
        _text.Append("</cols><sheetData>");
    }

    private void AddRow(IEnumerable<SheetCell> cells, int? style)
    {
        Rows++;
        _text.Append(CultureInfo.InvariantCulture, $"""<row r="{Rows}">""");
        var at = 0;
        foreach (var cell in cells) AddCell(cell, _letters[at++], style ?? (int)cell.Kind);
        _text.Append("</row>");
    }

    /// <summary>Text goes in as an inline string, which is never computed, whatever it begins with.</summary>
    private void AddCell(SheetCell cell, string column, int style)
    {
        if (cell.Value is { } value)
            _text.Append(CultureInfo.InvariantCulture, $"""<c r="{column}{Rows}" s="{style}"><v>{value:0.############}</v></c>""");
        else if (cell.Text.Length > 0)
            _text.Append(CultureInfo.InvariantCulture, $"""<c r="{column}{Rows}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{SheetText.Of(cell.Text)}</t></is></c>""");
    }

    private void Flush()
    {
        foreach (var chunk in _text.GetChunks()) Encoding.UTF8.GetBytes(chunk.Span, _bytes);
        _to.Write(_bytes.WrittenSpan);
        _bytes.ResetWrittenCount();
        _text.Clear();
    }
}
