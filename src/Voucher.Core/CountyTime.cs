using System.Globalization;

namespace Voucher.Core;

/// <summary>
/// The county's civil time. All China keeps UTC+8 without summer time (since 1992), so a fixed offset is exact and
/// does not depend on the machine's time zone data.
/// </summary>
public static class CountyTime
{
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    /// <summary>The last instant that has a local date: the calendar ends eight hours earlier here than in UTC.</summary>
    private static readonly DateTimeOffset Last = new(DateTime.MaxValue, Offset);

    /// <summary>The instant in local time. Total: the last eight hours of the year 9999 in UTC all give the last local instant.</summary>
    public static DateTimeOffset ToLocal(DateTimeOffset instant) => instant > Last ? Last : instant.ToOffset(Offset);

    /// <summary>The local calendar day of an instant.</summary>
    public static DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(ToLocal(instant).DateTime);

    /// <summary>The instant at which a local day and time occur.</summary>
    public static DateTimeOffset At(DateOnly day, TimeOnly time) => new(day.ToDateTime(time), Offset);

    /// <summary>For screens: <c>2026-11-22 09:15</c>, local.</summary>
    public static string Show(DateTimeOffset instant) => ToLocal(instant).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>For screens: <c>2026-11-22</c>.</summary>
    public static string Show(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
