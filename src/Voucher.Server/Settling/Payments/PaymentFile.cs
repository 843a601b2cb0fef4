using System.Globalization;
using System.Text;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Payments;

/// <summary>The files that go to the bank: the rows in the format's columns, cut where the bank's cap is.</summary>
public static class PaymentFile
{
    public const string CsvType = "text/csv";

    /// <param name="Rows">How many transfers it holds, and their sum.</param>
    public sealed record Part(string Name, string ContentType, byte[] Content, int Rows, Fen Total);

    /// <exception cref="EncoderFallbackException">The encoding cannot write a name.</exception>
    public static IReadOnlyList<Part> Write(BankFormat format, PaymentId payment, int round, IReadOnlyList<PlainRow> rows) =>
        [.. rows.Chunk(format.RowCap).Select((part, index) => Part1(format, payment, round, index + 1, part))];

    /// <summary>As it is named in the file and on the bank's receipt: <c>PXQ00000007</c>.</summary>
    public static string NumberOf(PaymentId payment) => string.Create(CultureInfo.InvariantCulture, $"PXQ{payment.Value:D8}");

    /// <summary>By which the bank names one row, in every attempt: <c>PXQ00000007-3</c>.</summary>
    public static string ReferenceOf(PaymentId payment, int row) => string.Create(CultureInfo.InvariantCulture, $"{NumberOf(payment)}-{row}");

    private static Part Part1(BankFormat format, PaymentId payment, int round, int part, PlainRow[] rows)
    {
        var total = rows.Aggregate(Fen.Zero, (sum, row) => sum + row.Amount);
        var name = format.FileName.Replace("{number}", NumberOf(payment), StringComparison.Ordinal)
            .Replace("{round}", round.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{part}", part.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        List<string[]> lines = [.. rows.Select(row => format.Columns.Select(column => Content(column.Content, payment, row)).ToArray())];
        string[] sum = ["合计", rows.Length.ToString(CultureInfo.InvariantCulture), Sum(format, total)];
        if (format.HasHeader) lines.Insert(0, [.. format.Columns.Select(column => column.Header)]);
        if (format.TotalLine == TotalLine.First) lines.Insert(0, sum);
        if (format.TotalLine == TotalLine.Last) lines.Add(sum);
        return format.File == BankFileKind.Xlsx
            ? new Part($"{name}.xlsx", Workbook.ContentType, Sheet(format, lines), rows.Length, total)
            : new Part($"{name}.csv", CsvType, Csv(format, lines), rows.Length, total);
    }

    private static string Sum(BankFormat format, Fen total) =>
        format.Columns.Any(column => column.Content == PaymentContent.AmountFen) ? total.Value.ToString(CultureInfo.InvariantCulture) : total.ToString();

    private static string Content(PaymentContent content, PaymentId payment, PlainRow row) => content switch
    {
        PaymentContent.PaymentNumber => NumberOf(payment),
        PaymentContent.RowNumber => row.Number.ToString(CultureInfo.InvariantCulture),
        PaymentContent.Reference => ReferenceOf(payment, row.Number),
        PaymentContent.Attempt => row.Attempt.ToString(CultureInfo.InvariantCulture),
        PaymentContent.PayeeName => row.PayeeName,
        PaymentContent.PayeeBank => row.PayeeBank,
        PaymentContent.PayeeAccount => row.PayeeAccount,
        PaymentContent.AmountYuan => row.Amount.ToString(),
        PaymentContent.AmountFen => row.Amount.Value.ToString(CultureInfo.InvariantCulture),
        PaymentContent.Vouchers => row.Vouchers.ToString(CultureInfo.InvariantCulture),
        PaymentContent.Purpose => $"培训券补贴 {row.BudgetLine}",
        PaymentContent.InstitutionCode => row.InstitutionCode,
        PaymentContent.BudgetLine => row.BudgetLine,
        _ => throw new ArgumentOutOfRangeException(nameof(content), content, "Unknown column of the payment file."),
    };

    private static byte[] Csv(BankFormat format, List<string[]> lines)
    {
        var text = string.Concat(lines.Select(line => string.Join(format.Separator, line.Select(cell => Cell(format, cell))) + "\r\n"));
        var encoding = BankFormat.EncodingOf(format.Encoding)!;
        return [.. encoding.Preamble, .. encoding.GetBytes(text)];
    }

    /// <summary>Quoted where the format needs it.</summary>
    private static string Cell(BankFormat format, string text)
    {
        var inert = format.ForExcel && text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] ? $"'{text}" : text;
        var isQuoted = format.Quoting == Quoting.Always || inert.AsSpan().IndexOfAny("\"\r\n") >= 0 || inert.Contains(format.Separator);
        return isQuoted ? $"\"{inert.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : inert;
    }

    /// <summary>All cells are text, which a spreadsheet neither computes nor rounds.</summary>
    private static byte[] Sheet(BankFormat format, List<string[]> lines)
    {
        using var to = new MemoryStream();
        using (var book = new Workbook(to))
        {
            book.Begin("代发", [.. format.Columns.Select(column => new SheetColumn(column.Header, CellKind.Text, 20))], hasHeader: false);
            foreach (var line in lines) book.Add([.. line.Select(SheetCell.OfText)]);
        }
        return to.ToArray();
    }
}

/// <summary>One row with the account in plain text: it lives only as long as the file is being written.</summary>
public sealed record PlainRow(
    int Number, int Attempt, string PayeeName, string PayeeBank, string PayeeAccount, Fen Amount, int Vouchers, string InstitutionCode, string BudgetLine);
