namespace Voucher.Server.Settling.Forms;

/// <summary>Which form is wanted, of what, and of which days (both included).</summary>
public sealed record FormWish(
    FormKind Kind, long Id = 0, int Line = 0, int Source = 0, int Institution = 0, DateOnly? From = null, DateOnly? Until = null, DateOnly? Day = null)
{
    /// <summary>The longest period of an extract or a statement.</summary>
    public const int MostDays = 366;

    /// <summary>The days of the form; the month up to today where none are given.</summary>
    public (DateOnly From, DateOnly Until) Days(DateOnly today)
    {
        var until = Until ?? today;
        return (From ?? new DateOnly(until.Year, until.Month, 1), until);
    }

    public FieldError? Fault(DateOnly today)
    {
        foreach (var day in new[] { From, Until, Day })
            if (day is { Year: < 2000 or > 2100 }) return new("until", new("日期应在2000年至2100年之间", "Days lie between 2000 and 2100"));
        var (from, until) = Days(today);
        if (Kind is not (FormKind.Ledger or FormKind.Statement)) return null;
        return from > until ? new("until", new("止期不能早于起期", "The last day lies before the first"))
            : until.DayNumber - from.DayNumber >= MostDays ? new("until", new($"最多{MostDays}天，请缩短期间", $"At most {MostDays} days; choose a shorter period"))
            : null;
    }
}
