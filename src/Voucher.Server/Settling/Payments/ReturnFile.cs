using System.Globalization;
using System.Text;
using CsvHelper;
using Voucher.Core.Settling;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Settling.Payments;

/// <summary>One row of the bank's return in the words of the file.</summary>
/// <param name="Payment">And <paramref name="RowNumber"/>: <c>null</c> where the reference is none of ours.</param>
/// <param name="Account">As the file has it: whole, masked by the bank, or empty.</param>
public sealed record ReadRow(
    int Line, string Reference, PaymentId? Payment, int RowNumber, int? Attempt, PaymentAnswer? Answer, bool HasAmount, Fen? Amount,
    string Account, string Name, string Reason, string Serial);

/// <summary>Reads the bank's return by its format.</summary>
public static class ReturnFile
{
    public const int LargestBytes = 5 * 1024 * 1024;
    public const int MostRows = 20_000;
    private const int LongestCell = 200;
    private const string TotalWord = "合计";

    /// <exception cref="UnusableFileException">The file is not of the format's kind or encoding, or too long.</exception>
    public static IReadOnlyList<ReadRow> Read(ReturnFormat format, byte[] content)
    {
        List<ReadRow> rows = [];
        foreach (var (line, cells) in Lines(format, content).Where(line => line.Line > format.HeaderRows))
        {
            if (cells.All(string.IsNullOrWhiteSpace) || cells.Any(cell => cell == TotalWord)) continue;
            if (rows.Count == MostRows) throw new UnusableFileException(new($"超过 {MostRows} 行，请分开导入", $"More than {MostRows} rows; split the file"));
            rows.Add(Read(format, line, cells));
        }
        return rows;
    }

    /// <summary><c>PXQ00000007-3</c>, or payment number and row in columns of their own.</summary>
    public static bool TryParseReference(string text, out PaymentId payment, out int row)
    {
        (payment, row) = (default, 0);
        var parts = text.Split('-');
        if (parts.Length != 2 || !parts[0].StartsWith("PXQ", StringComparison.Ordinal)) return false;
        if (!long.TryParse(parts[0].AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return false;
        payment = new PaymentId(id);
        return int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out row);
    }

    private static ReadRow Read(ReturnFormat format, int line, string[] cells)
    {
        string Of(ReturnContent content) =>
            format.Columns.FirstOrDefault(column => column.Content == content) is { } at && at.Column <= cells.Length ? cells[at.Column - 1] : "";
        var reference = Of(ReturnContent.Reference) is { Length: > 0 } given ? given : $"{Of(ReturnContent.PaymentNumber)}-{Of(ReturnContent.RowNumber)}";
        var isOurs = TryParseReference(reference, out var payment, out var number);
        var (hasAmount, amount) = AmountOf(Of(ReturnContent.AmountYuan), Of(ReturnContent.AmountFen));
        var status = Plain(Of(ReturnContent.Status));
        PaymentAnswer? answer = null;
        foreach (var (meaning, words) in format.Words)
            if (words.Any(word => Plain(word) == status)) answer = meaning;
        return new ReadRow(
            line, reference.Length > 60 ? reference[..60] : reference, isOurs ? payment : null, number,
            int.TryParse(Of(ReturnContent.Attempt), NumberStyles.None, CultureInfo.InvariantCulture, out var attempt) ? attempt : null,
            answer, hasAmount, amount, Of(ReturnContent.PayeeAccount).Trim('\''), Of(ReturnContent.PayeeName), Of(ReturnContent.Reason), Of(ReturnContent.Serial));
    }

    private static (bool HasAmount, Fen? Amount) AmountOf(string yuan, string fen)
    {
        if (fen.Length > 0)
            return (true, long.TryParse(fen, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) && whole <= Fen.LargestInput.Value ? new Fen(whole) : null);
        return yuan.Length > 0 ? (true, Fen.TryParseYuan(yuan, out var amount) ? amount : null) : (false, null);
    }

    private static string Plain(string text) => text.Replace(" ", "", StringComparison.Ordinal);

    private static IEnumerable<(int Line, string[] Cells)> Lines(ReturnFormat format, byte[] content) =>
        format.File == BankFileKind.Xlsx
            ? XlsxFile.Open(content)[0].Rows.Select(row => (row.Number, row.Cells.Select(cell => Clean(cell.Text)).ToArray()))
            : Csv(format, content);

    private static IEnumerable<(int, string[])> Csv(ReturnFormat format, byte[] content)
    {
        using var reader = CsvReader.Create(new MemoryStream(Encoding.UTF8.GetBytes(TextOf(format, content)), writable: false), new CsvReaderOptions
        {
            Separator = format.Separator,
            HasHeader = false,
            SkipEmptyLines = false, // So that rows count as Excel counts them.
            Encoding = Encoding.UTF8,
            OnMalformedRecord = record =>
            {
                if (record.Reason == CsvMalformedReason.UnterminatedQuote)
                    throw new UnusableFileException(new($"第 {record.RecordNumber} 行引号没有成对", $"In row {record.RecordNumber} a quotation mark never closes"));
            },
        });
        while (reader.Read())
        {
            var cells = new string[Math.Min(reader.FieldCount, UploadLimits.HeaderWithinColumns)];
            for (var column = 0; column < cells.Length; column++) cells[column] = Clean(reader[column].ToString());
            yield return ((int)reader.RowNumber, cells);
        }
    }

    private static string TextOf(ReturnFormat format, byte[] content)
    {
        var encoding = BankFormat.EncodingOf(format.Encoding)!;
        try
        {
            return encoding.GetString(content.AsSpan(content.AsSpan().StartsWith(encoding.Preamble) ? encoding.Preamble.Length : 0));
        }
        catch (DecoderFallbackException)
        {
            throw new UnusableFileException(new($"文件编码不是 {format.Encoding}", $"The file is not in {format.Encoding}"));
        }
    }

    private static string Clean(string text)
    {
        var clean = new Cell(text).Clean() ?? "?";
        return clean.Length > LongestCell ? clean[..LongestCell] : clean;
    }
}
