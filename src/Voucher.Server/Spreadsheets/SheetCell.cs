namespace Voucher.Server.Spreadsheets;

/// <summary>What a column holds, and so how its cells are kept and shown. The numbers are positions in the styles of <see cref="WorkbookParts"/>.</summary>
public enum CellKind
{
    /// <summary>Kept as typed: names, codes, numbers of vouchers and persons, which must not be rounded or computed.</summary>
    Text = 2,

    /// <summary>A whole number without grouping: an ordinal, a year, an age.</summary>
    Number = 3,

    /// <summary>A whole number that is counted, grouped by thousands.</summary>
    Count = 4,

    /// <summary>Yuan with two decimals.</summary>
    Money = 5,

    /// <summary>Kept as a fraction, shown in per cent.</summary>
    Percent = 6,

    /// <summary>A calendar day.</summary>
    Day = 7,

    /// <summary>Day and time of the county.</summary>
    Moment = 8,
}

/// <summary>One cell: text, or a number of some kind, or empty.</summary>
/// <param name="Text">Empty unless the cell holds text.</param>
/// <param name="Value">As Excel counts; <c>null</c> in cells of text and in empty ones.</param>
public readonly record struct SheetCell(CellKind Kind, string Text, decimal? Value)
{
    private static readonly DateTime Epoch = new(1899, 12, 30, 0, 0, 0, DateTimeKind.Unspecified);

    public static SheetCell OfText(string? text) => new(CellKind.Text, text ?? "", null);

    public static SheetCell OfNumber(long? number) => new(CellKind.Number, "", number);

    public static SheetCell OfCount(long? count) => new(CellKind.Count, "", count);

    public static SheetCell OfMoney(Fen? amount) => new(CellKind.Money, "", amount is { } known ? known.Value / 100m : null);

    /// <param name="percent">85 for 85%.</param>
    public static SheetCell OfPercent(decimal? percent) => new(CellKind.Percent, "", percent / 100);

    public static SheetCell OfDay(DateOnly? day) => new(CellKind.Day, "", day is { } known ? DaysAt(known.ToDateTime(TimeOnly.MinValue)) : null);

    /// <summary>To the second: Excel has no time zones, so it is the county's time.</summary>
    public static SheetCell OfMoment(DateTimeOffset? at) =>
        new(CellKind.Moment, "", at is { } known ? DaysAt(CountyTime.ToLocal(known).DateTime) : null);

    private static decimal DaysAt(DateTime local)
    {
        var seconds = (local - Epoch).Ticks / TimeSpan.TicksPerSecond;
        return Math.Round(seconds / 86_400m, 10);
    }
}
