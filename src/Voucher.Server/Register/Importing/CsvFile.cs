using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace Voucher.Server.Register.Importing;

/// <summary>
/// Rows of a CSV file in UTF-8 (with or without byte order mark) or, as Chinese Excel saves it, GB18030/GBK. Separated by
/// comma, tab or semicolon: each is offered as a sheet of its own, and the one with a header wins.
/// </summary>
public static class CsvFile
{
    private const int MostBytesOfCharacter = 4;
    private static readonly char[] Delimiters = [',', '\t', ';'];

    /// <exception cref="UnusableFileException">No encoding fits, or a cell never ends; also while enumerating rows.</exception>
    public static IReadOnlyList<Sheet> Open(byte[] content)
    {
        var encoding = EncodingOf(content);
        return [.. Delimiters.Select(delimiter => new Sheet("", Rows(content, encoding, delimiter)))];
    }

    /// <summary>UTF-8 is strict enough that Chinese text in another encoding never passes for it.</summary>
    private static Encoding EncodingOf(byte[] content)
    {
        if (Utf8.IsValid(content)) return Encoding.UTF8;
        var claimsUtf8 = content.AsSpan().StartsWith(Encoding.UTF8.Preamble);
        var strict = Encoding.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        if (!claimsUtf8 && CanRead(strict, content)) return strict;
        var line = 1 + content.AsSpan(0, FirstInvalid(content)).Count((byte)'\n');
        throw new UnusableFileException(new(
            $"文字编码既不是 UTF-8 也不是 GB18030（第 {line} 行起），请另存为“CSV UTF-8”",
            $"The text is neither UTF-8 nor GB18030 (from line {line}); save it as “CSV UTF-8”"));
    }

    private static bool CanRead(Encoding encoding, byte[] content)
    {
        try
        {
            _ = encoding.GetCharCount(content);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static int FirstInvalid(byte[] content)
    {
        for (var at = 0; at < content.Length;)
        {
            if (Rune.DecodeFromUtf8(content.AsSpan(at), out _, out var used) != System.Buffers.OperationStatus.Done) return at;
            at += used;
        }
        return content.Length;
    }

    private static IEnumerable<SheetRow> Rows(byte[] content, Encoding encoding, char delimiter)
    {
        using var reader = CsvReader.Create(new MemoryStream(content, writable: false), new CsvReaderOptions
        {
            Separator = delimiter,
            HasHeader = false,
            SkipEmptyLines = false, // So that rows count as Excel counts them.
            Encoding = encoding,
            OnMalformedRecord = record => { if (record.Reason == CsvMalformedReason.UnterminatedQuote) throw NeverEnds(record.RecordNumber); },
        });
        while (reader.Read())
            yield return new SheetRow((int)reader.RowNumber, Cells(reader));
    }

    private static Cell[] Cells(CsvReader reader)
    {
        var cells = new Cell[Math.Min(reader.FieldCount, UploadLimits.HeaderWithinColumns)];
        for (var column = 0; column < cells.Length; column++)
        {
            if (reader[column].Length > UploadLimits.LongestCell * MostBytesOfCharacter) throw NeverEnds(reader.RowNumber);
            cells[column] = new Cell(reader[column].ToString());
        }
        return cells;
    }

    private static UnusableFileException NeverEnds(long row) => new(new(
        $"第 {row} 行有一个单元格没有结束或超过 {UploadLimits.LongestCell} 字，可能是引号没有成对",
        $"Row {row} has a cell that does not end or is longer than {UploadLimits.LongestCell} characters; perhaps a quotation mark never closes"));
}
