using System.Diagnostics;
using ExcelDataReader;

namespace Voucher.Server.Register.Importing;

/// <summary>Rows of an Excel workbook. A formula counts as the value that was stored with it.</summary>
public static class XlsxFile
{
    /// <exception cref="UnusableFileException">Damaged, or beyond a limit; also while enumerating rows.</exception>
    public static IReadOnlyList<Sheet> Open(byte[] content)
    {
        XlsxGuard.Check(content);
        return Guarded(() =>
        {
            var formulas = XlsxFormulas.OfSheets(content);
            using var reader = NewReader(content);
            var sheets = new List<Sheet>();
            do
            {
                var index = sheets.Count;
                sheets.Add(new Sheet(reader.Name ?? "", Rows(content, index, index < formulas.Count ? formulas[index] : new XlsxFormulas())));
            }
            while (reader.NextResult());
            return sheets;
        });
    }

    private static IEnumerable<SheetRow> Rows(byte[] content, int sheet, XlsxFormulas formulas)
    {
        using var reader = Guarded(() => NewReader(content));
        for (var skipped = 0; skipped < sheet; skipped++) Guarded(reader.NextResult);
        var merged = Guarded(() => new MergedCells(reader.MergeCells ?? []));
        while (Guarded(reader.Read))
            yield return Guarded(() => ReadRow(reader, merged, formulas));
    }

    private static SheetRow ReadRow(IExcelDataReader reader, MergedCells merged, XlsxFormulas formulas)
    {
        var number = reader.Depth + 1;
        var cells = new Cell[Math.Min(reader.FieldCount, UploadLimits.HeaderWithinColumns)];
        for (var column = 0; column < cells.Length; column++)
            cells[column] = Cell.Of(reader.GetValue(column), formulas.At(number, column));
        merged.Fill(reader.Depth, cells);
        return new SheetRow(number, cells, IsHidden: reader.RowHeight == 0);
    }

    private static IExcelDataReader NewReader(byte[] content) =>
        ExcelReaderFactory.CreateOpenXmlReader(new MemoryStream(content, writable: false));

    /// <summary>
    /// The workbook reader meets a hostile or broken file with whatever its code runs into (format, range, null and XML
    /// exceptions alike); to the clerk they all say the same.
    /// </summary>
    [DebuggerNonUserCode]
    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is not (UnusableFileException or OutOfMemoryException))
        {
            throw new UnusableFileException(new("文件已损坏，无法读取", "The file is damaged and cannot be read"));
        }
    }

    /// <summary>A merged cell's value stands for every cell that it covers.</summary>
    private sealed class MergedCells
    {
        private readonly Queue<CellRange> _coming;
        private readonly List<(CellRange Range, Cell Value)> _open = [];

        public MergedCells(CellRange[] ranges)
        {
            if (ranges.Length > UploadLimits.MostMergedRanges)
                throw new UnusableFileException(new(
                    $"合并单元格超过 {UploadLimits.MostMergedRanges} 处，请取消合并", $"More than {UploadLimits.MostMergedRanges} merged ranges; unmerge them"));
            _coming = new(ranges.OrderBy(range => range.FromRow));
        }

        public void Fill(int row, Cell[] cells)
        {
            _open.RemoveAll(open => open.Range.ToRow < row);
            while (_coming.TryPeek(out var range) && range.FromRow <= row)
            {
                _coming.Dequeue();
                if (range.FromColumn < cells.Length && range.ToRow >= row) _open.Add((range, cells[range.FromColumn]));
            }
            foreach (var (range, value) in _open)
                for (var column = range.FromColumn; column <= Math.Min(range.ToColumn, cells.Length - 1); column++)
                    cells[column] = value;
        }
    }
}
