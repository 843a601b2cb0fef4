using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Settling.Forms;

/// <summary>The forms of settlement.</summary>
public enum FormKind
{
    /// <summary>结算申报表, of one claim.</summary>
    Claim = 1,

    /// <summary>支付清单, of one payment.</summary>
    Payment = 2,

    /// <summary>台账摘录, of a budget line or of a fund source.</summary>
    Ledger = 3,

    /// <summary>机构结算对账单.</summary>
    Statement = 4,

    /// <summary>日结单.</summary>
    Day = 5,
}

/// <summary>One cell of a form: words, or an amount, or a count.</summary>
public readonly record struct FormCell(Words? Text, Fen? Money = null, long? Count = null)
{
    public static implicit operator FormCell(Fen amount) => new(null, amount);

    public static implicit operator FormCell(int count) => new(null, null, count);

    public static implicit operator FormCell(string? text) => new(new Words(text ?? "", text ?? ""));

    public static implicit operator FormCell(Words text) => new(text);

    /// <summary>As it is read on paper.</summary>
    public string In(string language) => Money is { } amount ? amount.ToGroupedYuan()
        : Count is { } count ? count.ToString("#,##0", System.Globalization.CultureInfo.InvariantCulture)
        : Text?.In(language) ?? "";
}

/// <param name="Kind">Text, Money or Count; amounts are in yuan.</param>
/// <param name="Width">In characters, for the sheet; on paper the browser shares the page out.</param>
public sealed record FormColumn(Words Title, CellKind Kind, int Width = 14);

/// <param name="Total">One cell for each column, from the figures; <c>null</c>: the table has none.</param>
public sealed record FormTable(Words Title, IReadOnlyList<FormColumn> Columns, IReadOnlyList<FormCell[]> Rows, FormCell[]? Total)
{
    /// <summary>Totals that stand in capital Chinese figures (大写) below the table, so that none is altered by a stroke.</summary>
    public IReadOnlyList<(Words Label, Fen Amount)> InCapitals { get; init; } = [];

    /// <summary>What its columns mean and how they add up.</summary>
    public Words? Note { get; init; }
}

/// <summary>A field to be signed: the step, and who took it in the system, and when; a seal where nobody takes it there.</summary>
public sealed record FormSign(Words Step, string? Who, DateTimeOffset? At);

/// <summary>
/// A form as it is shown on the screen, printed and written into a sheet: computed once, so that the three say the same.
/// </summary>
/// <param name="Number">Of the form; the same figures always bear the same number.</param>
/// <param name="Facts">What stands above the tables: institution, period, and so on.</param>
/// <param name="Rules">The rules that it rests on, as cited.</param>
/// <param name="IsWide">Whether it is printed across the sheet.</param>
public sealed record FormSheet(
    FormKind Kind, Words Title, string Number, string County, DateTimeOffset MadeAt, string MadeBy,
    IReadOnlyList<(Words Label, FormCell Value)> Facts, IReadOnlyList<FormTable> Tables, IReadOnlyList<FormSign> Signs, IReadOnlyList<string> Rules, bool IsWide = true);
