using Voucher.Core.Money;
using Voucher.Core.Policies;
using Voucher.Core.Tests.Vouchers;

namespace Voucher.Core.Tests.Policies;

public sealed class PolicyNumbersTests
{
    /// <summary>Field, smallest, largest: as the parameters' own documentation says.</summary>
    public static TheoryData<string, long, long> Ranges() => new()
    {
        { "validityDays", 1, 730 }, { "youngestAge", 16, 100 }, { "oldestAge", 16, 100 }, { "vouchersPerYear", 0, 20 },
        { "trainingsPerTradePerYear", 0, 20 }, { "reissueReviewFrom", 1, 20 }, { "enrolmentOpensDaysBefore", 0, 365 },
        { "enrolmentClosesDaysAfter", 0, 365 }, { "sessionMarginMinutes", 1, 240 }, { "attendancePercent", 0, 100 },
        { "practicePercent", 0, 100 }, { "safetyHours", 0, 200 }, { "workTrainingMonths", 0, 24 }, { "guidedUpliftPercent", 0, 100 },
        { "livingAllowanceFenPerDay", 0, 100_000 }, { "transportAllowanceFenPerDay", 0, 100_000 }, { "reviewWorkingDays", 1, 60 },
        { "reportEveryMonths", 1, 12 }, { "scansPerTerminalPerMinute", 0, 1_000_000 }, { "scansPerInstitutionPerMinute", 0, 1_000_000 },
        { "shortCodesPerTerminalPerHour", 0, 1_000_000 }, { "enrolmentsPerTerminalPerFiveMinutes", 0, 1_000 },
        { "enrolmentSpacingSeconds", 0, 60 }, { "closeEnrolmentsInRow", 2, 100 }, { "triedElsewhereMinutes", 0, 1_440 },
        { "travelMinutes", 0, 1_440 }, { "holdDecisionHours", 1, 720 }, { "offlineWarnHours", 1, 720 }, { "offlineEnrolHours", 0, 720 },
        { "offlineAttendanceDays", 0, 30 }, { "offlineEnrolments", 0, 1_000 },
        { "phoneCheckPercent", 10, 100 }, { "publicityWorkingDays", 0, 30 }, { "accountWaitDays", 0, 30 },
        { "retentionPercent", 0, 50 }, { "retentionMonths", 1, 24 }, { "collegeCostPercent", 0, 100 }, { "fullPayAttendancePercent", 0, 100 },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void A_number_may_lie_at_its_bounds_and_not_one_beyond(string field, long smallest, long largest)
    {
        var number = PolicyNumbers.All.Single(number => number.Field == field);
        foreach (var value in new[] { smallest, largest }) Assert.DoesNotContain(field, FaultsWith(number, value));
        foreach (var value in new[] { smallest - 1, largest + 1 }) Assert.Contains(field, FaultsWith(number, value));
        Assert.Contains(Said(number, largest), number.Fault.Problem.Zh, StringComparison.Ordinal);
        Assert.Contains(Said(number, smallest), number.Fault.Problem.En, StringComparison.Ordinal);
    }

    private static string Said(PolicyNumber number, long value) => number.IsMoney ? new Fen(value).ToString() : $"{value}";

    /// <summary>Both ages move together, or one would fault the other.</summary>
    private static List<string> FaultsWith(PolicyNumber number, long value)
    {
        var parameters = number.With(number.With(new PolicyParameters { YoungestAge = 16, OldestAge = 100 }, value), value);
        if (number.Field == "oldestAge") parameters = parameters with { YoungestAge = (int)Math.Min(value, 100) };
        return [.. PolicyCheck.FaultsOf(Sample.Policy with { Parameters = parameters }).Select(fault => fault.Field)];
    }

    [Fact]
    public void Every_number_and_every_switch_of_the_parameters_is_known()
    {
        static IEnumerable<string> Of(params Type[] types) => typeof(PolicyParameters).GetProperties()
            .Where(property => types.Contains(property.PropertyType)).Select(property => char.ToLowerInvariant(property.Name[0]) + property.Name[1..]);
        Assert.Equal(Of(typeof(int), typeof(long)).Order(), PolicyNumbers.All.Select(number => number.Field).Order());
        Assert.Equal(Of(typeof(bool)).Order(), PolicySwitch.All.Select(given => given.Field).Order());
        Assert.Equal(Ranges().Select(row => row.Data.Item1).Order(), PolicyNumbers.All.Select(number => number.Field).Order());
    }

    [Fact]
    public void What_is_set_is_what_is_read()
    {
        foreach (var number in PolicyNumbers.All) Assert.Equal(number.Largest, number.Get(number.With(new PolicyParameters(), number.Largest)));
        foreach (var given in PolicySwitch.All)
            foreach (var on in new[] { true, false }) Assert.Equal(on, given.Get(given.With(new PolicyParameters(), on)));
    }
}
