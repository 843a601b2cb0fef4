namespace Voucher.Server.Settling.Payments;

/// <summary>What makes a format unusable, by the name of its field; said when the server reads it, and not when the bank does.</summary>
internal static class BankFormatFaults
{
    private const int MostColumns = 64;

    public static string? Of(BankFormat format) =>
        format.Columns.Count is 0 or > MostColumns ? $"columns: 1 to {MostColumns} are needed."
        : BankFormat.EncodingOf(format.Encoding) is null ? $"encoding: is utf-8-bom, utf-8 or gb18030, not “{format.Encoding}”."
        : format.RowCap is < 1 or > BankFormat.LargestRowCap ? $"rowCap: 1 to {BankFormat.LargestRowCap}."
        : !IsSeparator(format.Separator) ? "separator: must be none of letters, digits, quotation marks and line ends."
        : format.Columns.Any(column => column.Header.Length > 60 || column.Header.Any(char.IsControl)) ? "columns.header: at most 60 characters on one line."
        : !format.Columns.Any(column => column.Content == PaymentContent.PayeeAccount) ? "columns: none holds payeeAccount."
        : !format.Columns.Any(column => column.Content is PaymentContent.AmountYuan or PaymentContent.AmountFen) ? "columns: none holds amountYuan or amountFen."
        : FileName(format.FileName) ?? (format.Return is { } back ? OfReturn(back) : null);

    private static string? FileName(string name) =>
        name.Length is 0 or > 60 || name.IndexOfAny(['/', '\\', ':', '*', '?', '"', '<', '>', '|']) >= 0 || name.Any(char.IsControl)
            ? "fileName: 1 to 60 characters that a file name can hold."
        : !name.Contains("{number}", StringComparison.Ordinal) || !name.Contains("{part}", StringComparison.Ordinal)
            ? "fileName: must hold {number} and {part}."
        : null;

    private static string? OfReturn(ReturnFormat back)
    {
        bool Has(ReturnContent content) => back.Columns.Any(column => column.Content == content);
        return BankFormat.EncodingOf(back.Encoding) is null ? $"return.encoding: is utf-8-bom, utf-8 or gb18030, not “{back.Encoding}”."
            : !IsSeparator(back.Separator) ? "return.separator: must be none of letters, digits, quotation marks and line ends."
            : back.HeaderRows is < 0 or > 20 ? "return.headerRows: 0 to 20."
            : back.Columns.Any(column => column.Column is < 1 or > MostColumns) ? $"return.columns.column: 1 to {MostColumns}."
            : back.Columns.GroupBy(column => column.Content).Any(group => group.Count() > 1) ? "return.columns: a content stands twice."
            : !Has(ReturnContent.Reference) && !(Has(ReturnContent.PaymentNumber) && Has(ReturnContent.RowNumber))
                ? "return.columns: reference, or paymentNumber and rowNumber, is needed."
            : !Has(ReturnContent.Status) ? "return.columns: status is needed."
            : back.Words.Values.SelectMany(words => words).GroupBy(word => word).Any(group => group.Count() > 1) ? "return.words: a word stands twice."
            : back.Words.Values.SelectMany(words => words).Any(string.IsNullOrWhiteSpace) ? "return.words: a word is empty."
            : !back.Words.ContainsKey(Core.Settling.PaymentAnswer.Paid) ? "return.words: paid is needed."
            : null;
    }

    private static bool IsSeparator(char separator) => !char.IsLetterOrDigit(separator) && separator is not ('"' or '\r' or '\n' or '\0' or '.' or '-');
}
