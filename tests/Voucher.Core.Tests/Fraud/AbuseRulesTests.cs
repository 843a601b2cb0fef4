using Voucher.Core.Fraud;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Tests.Vouchers;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;

namespace Voucher.Core.Tests.Fraud;

/// <summary>Each rule just under its threshold and at it.</summary>
public sealed class AbuseRulesTests
{
    private static readonly GuardLimits Limits = GuardLimits.Of(new PolicyParameters());
    private static readonly GuardFacts Quiet = new(
        VoucherState.Issued, IsBait: false, ScanMode.Enrol, Sample.Now, Sample.Now, IsLate: false, [], [], new Dictionary<HoldReason, DateTimeOffset>());

    [Fact]
    public void A_quiet_scan_is_let_through() => Assert.Null(AbuseRules.Judge(Quiet, Limits));

    [Theory]
    [InlineData(3000, 4, null)]
    [InlineData(2999, 3, null)]
    [InlineData(2999, 4, HoldReason.TooClose)]
    public void The_fifth_enrolment_in_a_row_under_three_seconds_apart_is_held(int apartMilliseconds, int before, HoldReason? expected) =>
        Assert.Equal(expected, AbuseRules.Judge(Quiet with { EarlierEnrolments = Every(apartMilliseconds, before) }, Limits));

    [Fact]
    public void One_pause_breaks_the_row()
    {
        DateTimeOffset[] times = [Sample.Now.AddSeconds(-1), Sample.Now.AddSeconds(-2), Sample.Now.AddSeconds(-5), Sample.Now.AddSeconds(-6), Sample.Now.AddSeconds(-7)];
        Assert.Equal(3, AbuseRules.CloseInRow(Quiet with { EarlierEnrolments = times }, Limits.EnrolmentSpacing));
    }

    [Theory]
    [InlineData(39, null)]
    [InlineData(40, HoldReason.ManyAtOnce)]
    public void The_forty_first_enrolment_in_five_minutes_is_held(int before, HoldReason? expected) =>
        Assert.Equal(expected, AbuseRules.Judge(Quiet with { EarlierEnrolments = Every(4000, before) }, Limits));

    [Fact]
    public void What_is_five_minutes_old_counts_no_more()
    {
        var times = Every(4000, 40).Select((at, i) => i == 39 ? Sample.Now - GuardLimits.EnrolmentWindow : at).ToList();
        Assert.Null(AbuseRules.Judge(Quiet with { EarlierEnrolments = times }, Limits));
    }

    [Theory]
    [InlineData(30 * 60, false, null)]
    [InlineData((30 * 60) - 1, false, HoldReason.TwoPlaces)]
    [InlineData((120 * 60) - 1, true, HoldReason.TriedElsewhere)]
    [InlineData((120 * 60) - 1, false, null)]
    [InlineData(120 * 60, true, null)]
    public void Being_elsewhere_counts_as_long_as_the_policy_says(int secondsAgo, bool isSameVoucher, HoldReason? expected) =>
        Assert.Equal(expected, AbuseRules.Judge(Quiet with { Elsewhere = [Seen(secondsAgo, isSameVoucher)] }, Limits));

    [Fact]
    public void Trying_elsewhere_is_nothing_once_the_voucher_is_enrolled() =>
        Assert.Null(AbuseRules.Judge(Quiet with { State = VoucherState.Enrolled, Elsewhere = [Seen(3600, true)] }, Limits));

    [Theory]
    [InlineData(VoucherState.Completed)]
    [InlineData(VoucherState.Revoked)]
    public void A_closed_voucher_gets_its_definite_answer(VoucherState state) =>
        Assert.Null(AbuseRules.Judge(Quiet with { State = state, Elsewhere = [Seen(1, true)] }, Limits));

    [Fact]
    public void A_scan_that_waited_on_a_terminal_proves_no_place() =>
        Assert.Null(AbuseRules.Judge(Quiet with { IsLate = true, Elsewhere = [Seen(1, true)] }, Limits));

    [Fact]
    public void What_the_county_has_released_is_not_held_against_the_voucher_again()
    {
        var facts = Quiet with { Elsewhere = [Seen(600, true)], EarlierEnrolments = Every(1000, 50) };
        Assert.Equal(HoldReason.TwoPlaces, AbuseRules.Judge(facts, Limits));
        facts = facts with { Releases = Released(HoldReason.TwoPlaces, 300) };
        Assert.Equal(HoldReason.TooClose, AbuseRules.Judge(facts, Limits));
        facts = facts with { Releases = Released(HoldReason.TwoPlaces, 300, HoldReason.TooClose) };
        Assert.Equal(HoldReason.ManyAtOnce, AbuseRules.Judge(facts, Limits));
        facts = facts with { Releases = Released(HoldReason.TwoPlaces, 300, HoldReason.TooClose, HoldReason.ManyAtOnce) };
        Assert.Null(AbuseRules.Judge(facts, Limits));
        // Somewhere else again after the release is news.
        Assert.Equal(HoldReason.TwoPlaces, AbuseRules.Judge(facts with { Elsewhere = [Seen(299, true)] }, Limits));
    }

    [Fact]
    public void Bait_is_held_whatever_else()
    {
        foreach (var mode in Enum.GetValues<ScanMode>())
            Assert.Equal(HoldReason.Honeytoken, AbuseRules.Judge(Quiet with { IsBait = true, Mode = mode, IsLate = true }, Limits));
    }

    [Fact]
    public void Zero_switches_a_rule_off_and_absurd_numbers_are_brought_into_range()
    {
        var off = GuardLimits.Of(new PolicyParameters { EnrolmentSpacingSeconds = 0, EnrolmentsPerTerminalPerFiveMinutes = 0, TravelMinutes = 0, TriedElsewhereMinutes = 0 });
        Assert.Null(AbuseRules.Judge(Quiet with { EarlierEnrolments = Every(1, 900), Elsewhere = [Seen(1, true)] }, off));
        Assert.False(off.JudgeAnything);
        Assert.All(
            [
                off with { EnrolmentsPerTerminal = 1 }, off with { EnrolmentSpacing = TimeSpan.FromSeconds(1) },
                off with { Travel = TimeSpan.FromMinutes(1) }, off with { TriedElsewhere = TimeSpan.FromMinutes(1) },
            ],
            one => Assert.True(one.JudgeAnything));
        var absurd = GuardLimits.Of(new PolicyParameters
        {
            ScansPerTerminalPerMinute = -1, EnrolmentsPerTerminalPerFiveMinutes = int.MaxValue, EnrolmentSpacingSeconds = int.MaxValue, CloseEnrolmentsInRow = 0,
            TravelMinutes = int.MaxValue, TriedElsewhereMinutes = -5, HoldDecisionHours = 0,
        });
        Assert.Equal(0, absurd.ScansPerTerminal);
        Assert.Equal(GuardLimits.MostEnrolments, absurd.EnrolmentsPerTerminal);
        Assert.Equal(TimeSpan.FromSeconds(GuardLimits.MostSpacingSeconds), absurd.EnrolmentSpacing);
        Assert.Equal(GuardLimits.LeastInRow, absurd.CloseInRow);
        Assert.Equal(TimeSpan.FromMinutes(GuardLimits.MostMinutes), absurd.Travel);
        Assert.Equal(TimeSpan.Zero, absurd.TriedElsewhere);
        Assert.Equal(TimeSpan.FromHours(1), absurd.Decision);
    }

    [Fact]
    public void Redis_raises_a_suspicion_wherever_the_ledger_would_hold()
    {
        Assert.False(AbuseRules.IsSuspicious(WindowCounts.None, Sample.Now, Limits));
        Assert.True(AbuseRules.IsSuspicious(new WindowCounts(41, 1, null), Sample.Now, Limits));
        Assert.False(AbuseRules.IsSuspicious(new WindowCounts(40, 4, null), Sample.Now, Limits));
        Assert.True(AbuseRules.IsSuspicious(new WindowCounts(5, 5, null), Sample.Now, Limits));
        Assert.True(AbuseRules.IsSuspicious(new WindowCounts(1, 1, Sample.Now.AddMinutes(-119)), Sample.Now, Limits));
        Assert.False(AbuseRules.IsSuspicious(new WindowCounts(1, 1, Sample.Now.AddMinutes(-120)), Sample.Now, Limits));
    }

    [Fact]
    public void The_desk_hears_why_and_where_to_call_and_never_that_anybody_cheated()
    {
        foreach (var reason in Enum.GetValues<HoldReason>())
        {
            var refusal = Refusal.Under(Sample.Policy, RefusalCode.VoucherHeld, new VoucherHold(12, reason, Sample.Now, "0930-0000000").Details());
            Assert.Contains("YD000012", refusal.Reason.Zh);
            Assert.Contains("0930-0000000", refusal.NextStep.En);
            Assert.DoesNotMatch("骗|作弊|诱饵|嫌疑|cheat|fraud|bait|suspect", refusal.Reason.Zh + refusal.Reason.En + refusal.NextStep.Zh + refusal.NextStep.En);
        }
        Assert.Equal(HoldReason.TwoPlaces.SayAtDesk(), HoldReason.Honeytoken.SayAtDesk());
    }

    private static List<DateTimeOffset> Every(int milliseconds, int count) => [.. Enumerable.Range(1, count).Select(i => Sample.Now.AddMilliseconds(-(double)i * milliseconds))];

    private static Sighting Seen(int secondsAgo, bool isSameVoucher) => new(Sample.Now.AddSeconds(-secondsAgo), ScanMode.Enrol, isSameVoucher);

    private static Dictionary<HoldReason, DateTimeOffset> Released(HoldReason reason, int secondsAgo, params HoldReason[] others) =>
        others.Prepend(reason).ToDictionary(one => one, _ => Sample.Now.AddSeconds(-secondsAgo));
}
