using System.Globalization;
using System.Text.RegularExpressions;

namespace Voucher.Server.Register.Importing;

/// <summary>In which order dates of a file are written where the year does not stand first.</summary>
public enum DateOrder
{
    YearFirst = 0,
    DayFirst = 1,
    MonthFirst = 2,
}

/// <summary>Reads dates as people type them.</summary>
public static partial class DateText
{
    /// <summary>Of Excel's days, which begin with the year 1900.</summary>
    private static readonly DateOnly DayZeroOfExcel = new(1899, 12, 30);
    private const int FirstSerial = 3_653; // 1 January 1910
    private const int LastSerial = 73_050; // 31 December 2099

    /// <summary>
    /// 1985-03-12, 1985/3/12, 1985.3.12, 1985年3月12日 and 19850312 in any order setting; 12/03/1985 in the one that is set; a day
    /// as Excel counts them; without a day (1985-03, 198503) only year and month. <c>null</c> when it is none of these.
    /// </summary>
    public static PartialDate? Read(string text, DateOrder order)
    {
        var plain = string.Concat(text.Where(c => !char.IsWhiteSpace(c)).Select(FullWidth.ToAscii));
        if (Whole().Match(plain) is { Success: true } whole) return Date(whole.Groups["y"], whole.Groups["m"], whole.Groups["d"]);
        if (Parted().Match(plain) is { Success: true } parted) return Date(parted.Groups["y"], parted.Groups["m"], parted.Groups["d"]);
        if (YearLast().Match(plain) is { Success: true } last && order != DateOrder.YearFirst)
            return order == DateOrder.DayFirst
                ? Date(last.Groups["y"], last.Groups["b"], last.Groups["a"])
                : Date(last.Groups["y"], last.Groups["a"], last.Groups["b"]);
        return int.TryParse(plain, NumberStyles.None, CultureInfo.InvariantCulture, out var serial) && serial is >= FirstSerial and <= LastSerial
            ? new PartialDate(DayZeroOfExcel.AddDays(serial), HasDay: true)
            : null;
    }

    private static PartialDate? Date(Group year, Group month, Group day)
    {
        var (y, m, d) = (Number(year), Number(month), day.Success ? Number(day) : 1);
        if (y is < 1850 or > 2150 || m is < 1 or > 12 || d < 1 || d > DateTime.DaysInMonth(y, m)) return null;
        return new PartialDate(new DateOnly(y, m, d), day.Success);
    }

    private static int Number(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<y>\d{4})(?<m>\d{2})(?<d>\d{2})?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^(?<y>\d{4})[-/.年](?<m>\d{1,2})([-/.月](?<d>\d{1,2})?日?)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex Parted();

    [GeneratedRegex(@"^(?<a>\d{1,2})[-/.](?<b>\d{1,2})[-/.](?<y>\d{4})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex YearLast();
}

/// <summary>A date that may lack its day.</summary>
public readonly record struct PartialDate(DateOnly Day, bool HasDay)
{
    public bool Fits(DateOnly other) => HasDay ? other == Day : (other.Year, other.Month) == (Day.Year, Day.Month);
}
