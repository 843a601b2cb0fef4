using Voucher.Core.Policies;

namespace Voucher.Core.Classes;

/// <summary>The days on which a class enrols, the first and the last: one rule for the desk, online and off, and for the public menu.</summary>
public sealed record EnrolmentWindow(DateOnly OpensOn, DateOnly ClosesOn)
{
    /// <summary>Days before and after the first day are those of the policy; a class that is over enrols no more.</summary>
    public static EnrolmentWindow Of(DateOnly startsOn, DateOnly endsOn, PolicyParameters parameters) =>
        Of(startsOn, endsOn, parameters.EnrolmentOpensDaysBefore, parameters.EnrolmentClosesDaysAfter);

    /// <inheritdoc cref="Of(DateOnly, DateOnly, PolicyParameters)"/>
    public static EnrolmentWindow Of(DateOnly startsOn, DateOnly endsOn, int opensDaysBefore, int closesDaysAfter)
    {
        var lateEnough = AddDays(startsOn, closesDaysAfter);
        return new(AddDays(startsOn, -(long)opensDaysBefore), lateEnough < endsOn ? lateEnough : endsOn);
    }

    public bool IsOpenOn(DateOnly day) => OpensOn <= day && day <= ClosesOn;

    /// <summary>Stops at either end of the calendar, so that no date of a class can throw.</summary>
    private static DateOnly AddDays(DateOnly day, long days) =>
        DateOnly.FromDayNumber((int)Math.Clamp(day.DayNumber + days, DateOnly.MinValue.DayNumber, DateOnly.MaxValue.DayNumber));
}
