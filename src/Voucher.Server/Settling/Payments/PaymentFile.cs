using System.Globalization;

namespace Voucher.Server.Settling.Payments;

/// <summary>The file that goes to the bank: one row for each institution and budget line, in the template's columns.</summary>
public static class PaymentFile
{
    public static byte[] Write(PaymentTemplate template, PaymentId payment, IReadOnlyList<PayableRow> rows)
    {
        var lines = rows
            .Select((row, index) => template.Columns.Select(column => Content(column.Content, payment, row, index + 1)))
            .Prepend(template.Columns.Select(column => column.Header));
        var text = string.Concat(lines.Select(line => string.Join(',', line.Select(Cell)) + "\r\n"));
        var encoding = template.TextEncoding;
        return [.. encoding.Preamble, .. encoding.GetBytes(text)];
    }

    /// <summary>As it is named in the file and on the bank's receipt: <c>PXQ00000007</c>.</summary>
    public static string NumberOf(PaymentId payment) => string.Create(CultureInfo.InvariantCulture, $"PXQ{payment.Value:D8}");

    private static string Content(PaymentContent content, PaymentId payment, PayableRow row, int number) => content switch
    {
        PaymentContent.PaymentNumber => NumberOf(payment),
        PaymentContent.RowNumber => number.ToString(CultureInfo.InvariantCulture),
        PaymentContent.PayeeName => row.PayeeName,
        PaymentContent.PayeeBank => row.PayeeBank,
        PaymentContent.PayeeAccount => row.PayeeAccount,
        PaymentContent.AmountYuan => row.Amount.ToString(),
        PaymentContent.Vouchers => row.Vouchers.ToString(CultureInfo.InvariantCulture),
        PaymentContent.Purpose => $"培训券补贴 {row.BudgetLine}",
        PaymentContent.InstitutionCode => row.InstitutionCode,
        PaymentContent.BudgetLine => row.BudgetLine,
        _ => throw new ArgumentOutOfRangeException(nameof(content), content, "Unknown column of the payment file."),
    };

    /// <summary>Quoted where the format needs it. A cell that a spreadsheet would run as a formula begins with an apostrophe.</summary>
    private static string Cell(string text)
    {
        var inert = text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] ? $"'{text}" : text;
        return inert.AsSpan().IndexOfAny(",\"\r\n") < 0 ? inert : $"\"{inert.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}

/// <summary>One row with the account in plain text: it lives only as long as the file is being written.</summary>
public sealed record PayableRow(
    string PayeeName, string PayeeBank, string PayeeAccount, Fen Amount, int Vouchers, string InstitutionCode, string BudgetLine);
