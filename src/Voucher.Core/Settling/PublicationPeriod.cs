using System.Runtime.InteropServices;

namespace Voucher.Core.Settling;

/// <summary>公示期: the days for which a list is open to objections.</summary>
/// <param name="From">The day on which the list is put up; it is not counted (民法典第二百零一条: 开始的当日不计入).</param>
/// <param name="Until">The last working day of the period; paid is from the day after it on.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PublicationPeriod(DateOnly From, DateOnly Until)
{
    /// <summary>As many calendar days are looked at; a calendar without working days is a fault of its data.</summary>
    private const int MostDays = 400;

    /// <param name="workingDays">1–30.</param>
    /// <param name="isWorkingDay">Whether a day is one; of weekends, holidays and the working days that make up for them.</param>
    /// <exception cref="InvalidOperationException">The calendar has too few working days.</exception>
    public static PublicationPeriod Of(DateOnly from, int workingDays, Func<DateOnly, bool> isWorkingDay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workingDays, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(workingDays, 30);
        ArgumentNullException.ThrowIfNull(isWorkingDay);
        var left = workingDays;
        for (var day = from.AddDays(1); day <= from.AddDays(MostDays); day = day.AddDays(1))
        {
            if (isWorkingDay(day) && --left == 0) return new PublicationPeriod(from, day);
        }
        throw new InvalidOperationException("The calendar has too few working days.");
    }

    public bool IsRunningOn(DateOnly day) => day >= From && day <= Until;

    public bool IsOverOn(DateOnly day) => day > Until;
}
