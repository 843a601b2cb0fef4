namespace Voucher.Core;

/// <summary>
/// Working days of China: Monday to Friday, but for the public holidays and with the make-up working days (调休) that the General
/// Office of the State Council announces for each year. A year of which nothing is known has weekends only: see <see cref="Knows"/>.
/// </summary>
/// <param name="years">What is known, by year.</param>
public sealed class WorkingDays(IEnumerable<HolidayYear> years)
{
    private readonly Dictionary<int, HolidayYear> _years = years.ToDictionary(year => year.Year);

    public static readonly WorkingDays WeekendsOnly = new([]);

    /// <summary>Whether the year's announcement has been entered.</summary>
    public bool Knows(int year) => _years.ContainsKey(year);

    public bool IsWorking(DateOnly day)
    {
        if (_years.TryGetValue(day.Year, out var year))
        {
            if (year.MadeUp.Contains(day)) return true;
            if (year.Off.ContainsKey(day)) return false;
        }
        return day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);
    }

    /// <summary>The <paramref name="count"/>-th working day after the day; the day itself for 0. The day of the event is not counted.</summary>
    /// <param name="count">0–10,000.</param>
    public DateOnly Add(DateOnly day, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 10_000);
        while (count > 0)
        {
            day = day.AddDays(1);
            if (IsWorking(day)) count--;
        }
        return day;
    }

    /// <summary>Working days after the one day up to and with the other; below 0 where the other is earlier.</summary>
    public int Between(DateOnly from, DateOnly to)
    {
        if (to < from) return -Between(to, from);
        var count = 0;
        for (var day = from; day < to;)
        {
            day = day.AddDays(1);
            if (IsWorking(day)) count++;
        }
        return count;
    }

    /// <summary>Years from one day to the other whose announcement is missing.</summary>
    public IReadOnlyList<int> Missing(DateOnly from, DateOnly to) =>
        [.. Enumerable.Range(from.Year, Math.Max(0, to.Year - from.Year) + 1).Where(year => !Knows(year))];
}

/// <summary>One year's announcement.</summary>
/// <param name="Notice">Which document says so.</param>
/// <param name="Off">Days off, each with the name of its holiday.</param>
/// <param name="MadeUp">Saturdays and Sundays that are worked.</param>
public sealed record HolidayYear(int Year, string Notice, IReadOnlyDictionary<DateOnly, string> Off, IReadOnlySet<DateOnly> MadeUp);
