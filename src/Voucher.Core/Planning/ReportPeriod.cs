using System.Runtime.InteropServices;

namespace Voucher.Core.Planning;

/// <summary>One period of which progress is reported (进展情况表).</summary>
/// <param name="First">First day.</param>
/// <param name="Last">Last day.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ReportPeriod(DateOnly First, DateOnly Last)
{
    /// <summary>
    /// Days after the period within which its report is sent. The texts name the rhythm but no day (text 002, 四（四）: 每月报送;
    /// text 004, 四（六）: 季度巡查); the first days of the next month are what offices keep to.
    /// </summary>
    public const int DaysToSend = 5;

    /// <summary>The day by which the report is sent.</summary>
    public DateOnly DueOn => Last.AddDays(DaysToSend);

    /// <summary>Whether the period is over, so that its figures no longer change by what happens next.</summary>
    public bool IsOverOn(DateOnly today) => today > Last;

    /// <summary>Whether its report is late.</summary>
    public bool IsLateOn(DateOnly today) => today > DueOn;

    /// <summary>
    /// The periods of a year, without gap or overlap. Each begins under the rule of its first day, so that a new rhythm starts
    /// with the next period; the last one ends with the year.
    /// </summary>
    /// <param name="everyMonths">The rhythm in force on a day, in months, 1–12.</param>
    public static IReadOnlyList<ReportPeriod> OfYear(int year, Func<DateOnly, int> everyMonths)
    {
        List<ReportPeriod> periods = [];
        for (var month = 1; month <= 12;)
        {
            var first = new DateOnly(year, month, 1);
            var next = month + Math.Clamp(everyMonths(first), 1, 13 - month);
            periods.Add(new(first, next > 12 ? new DateOnly(year, 12, 31) : new DateOnly(year, next, 1).AddDays(-1)));
            month = next;
        }
        return periods;
    }
}
