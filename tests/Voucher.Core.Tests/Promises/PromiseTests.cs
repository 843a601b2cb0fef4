using Voucher.Core.Money;
using Voucher.Core.Promises;
using Voucher.Core.Refusals;
using Voucher.Core.Tests.Vouchers;

namespace Voucher.Core.Tests.Promises;

/// <summary>What is promised beside the voucher: judged from records, never guessed.</summary>
public sealed class PromiseTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);
    private static readonly Promise Grant = new(
        "startup", 1, new("创业补贴", "Grant"), "绥人社发〔2019〕18号", "三（四）", "县人社局", 1_000_000, false, false, false, false, new(2019, 1, 1), null, null,
        [new(PromiseConditionKind.RegisteredHousehold), new(PromiseConditionKind.Fact, PromiseFactKind.MicroEnterprise, 6)]);

    [Theory]
    [InlineData(true, "", PromiseVerdict.Met)]
    [InlineData(false, "建档立卡", PromiseVerdict.NotMet)]
    [InlineData(null, "建档立卡", PromiseVerdict.Met)]
    [InlineData(null, "一般农户", PromiseVerdict.NotMet)]
    [InlineData(null, "", PromiseVerdict.NotKnown)]
    public void The_household_decides_and_without_one_the_category(bool? household, string category, PromiseVerdict expected) =>
        Assert.Equal(expected, Standing(household, category).Conditions[0].Verdict);

    [Theory]
    [InlineData("2026-05-22", null, PromiseVerdict.Met)]
    [InlineData("2026-05-23", null, PromiseVerdict.NotMet)]
    [InlineData("2026-01-01", "2026-06-30", PromiseVerdict.NotMet)]
    [InlineData("2026-01-01", "2026-07-01", PromiseVerdict.Met)]
    [InlineData(null, null, PromiseVerdict.NotKnown)]
    public void Six_months_are_counted_from_the_day_of_registration(string? since, string? until, PromiseVerdict expected) =>
        Assert.Equal(expected, Standing(true, "", Fact(since, until)).Conditions[1].Verdict);

    [Fact]
    public void What_is_not_recorded_is_not_known_and_what_was_verified_as_false_is_not_met()
    {
        Assert.Equal(PromiseVerdict.NotKnown, Standing(true, "").Verdict);
        Assert.Equal(PromiseVerdict.NotMet, Standing(true, "", Fact("2020-01-01", null) with { Holds = false }).Verdict);
        Assert.Equal(PromiseVerdict.Met, Standing(true, "", Fact("2020-01-01", null)).Verdict);
    }

    [Fact]
    public void Twice_too_much_outside_its_time_and_against_a_condition_are_refused_and_what_is_not_known_stops_nobody()
    {
        var (met, unknown, not) = (Standing(true, "", Fact("2020-01-01", null)), Standing(true, ""), Standing(false, ""));
        Assert.Null(Refused(met, Received(1_000_000)));
        Assert.Null(Refused(unknown, Received(1_000_000)));
        Assert.Null(Refused(not, new(PromiseStepKind.Told, Today)));
        Assert.Equal(RefusalCode.PromiseReceivedBefore, Refused(met, Received(1), new(Today.AddYears(-1), "文1")));
        Assert.Null(Refused(met, new(PromiseStepKind.Applied, Today), new(Today.AddYears(-1), "文1")));
        Assert.Equal(RefusalCode.PromiseExceeded, Refused(met, Received(1_000_001)));
        Assert.Equal(RefusalCode.PromiseConditionNotMet, Refused(not, Received(1)));
        Assert.Equal(RefusalCode.PromiseNotPaidInMoney, Refused(met, new(PromiseStepKind.Received, new(2018, 12, 31), new Fen(1))));
    }

    private static RefusalCode? Refused(PromiseStanding standing, PromiseStep step, PromiseReceipt? before = null) =>
        PromiseSteps.Refuse(Grant, standing, before, step, Sample.Policy)?.Code;

    private static PromiseStep Received(long fen) => new(PromiseStepKind.Received, Today, new Fen(fen));

    private static PromiseFact Fact(string? since, string? until) => new(PromiseFactKind.MicroEnterprise, true, Day(since), Day(until), "小店", "执照");

    private static DateOnly? Day(string? text) => text is null ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static PromiseStanding Standing(bool? household, string category, params PromiseFact[] facts) =>
        PromiseStanding.Of(Grant, new(household, category.Length == 0 ? [] : [category], facts), Today);
}
