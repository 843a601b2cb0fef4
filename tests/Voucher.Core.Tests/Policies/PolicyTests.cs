using Voucher.Core.Policies;
using Voucher.Core.Tests.Vouchers;

namespace Voucher.Core.Tests.Policies;

public sealed class PolicyTests
{
    private static readonly DateOnly From = new(2026, 1, 1);
    private static readonly DateOnly Until = new(2026, 12, 31);

    [Fact]
    public void A_policy_is_in_force_from_its_first_to_its_last_day()
    {
        var policy = Sample.Policy with { EffectiveFrom = From, EffectiveUntil = Until };
        Assert.False(policy.IsInForceOn(From.AddDays(-1)));
        Assert.True(policy.IsInForceOn(From));
        Assert.True(policy.IsInForceOn(Until));
        Assert.False(policy.IsInForceOn(Until.AddDays(1)));
    }

    [Fact]
    public void A_policy_without_a_last_day_stays_in_force()
    {
        var policy = Sample.Policy with { EffectiveFrom = From, EffectiveUntil = null };
        Assert.False(policy.IsInForceOn(From.AddDays(-1)));
        Assert.True(policy.IsInForceOn(DateOnly.MaxValue));
    }

    [Fact]
    public void A_rule_is_cited_with_document_version_and_clause()
    {
        var policy = Sample.Policy with
        {
            Version = 3,
            Clauses = new Dictionary<Clause, string> { [Clause.Voucher] = "三、（二）", [Clause.Attendance] = "四、（一）" },
        };
        Assert.Equal(new Rule("东县府办发〔2020〕57号", 3, "四、（一）"), policy.RuleOf(Clause.Attendance));
        Assert.Equal("东县府办发〔2020〕57号（第3版） 四、（一）", policy.RuleOf(Clause.Attendance).ToString());
    }

    [Fact]
    public void A_clause_that_the_pack_does_not_name_falls_back_to_that_of_the_voucher()
    {
        var policy = Sample.Policy with { Clauses = new Dictionary<Clause, string> { [Clause.Voucher] = "三、（二）" } };
        foreach (var clause in Enum.GetValues<Clause>()) Assert.Equal("三、（二）", policy.RuleOf(clause).Clause);
    }

    [Fact]
    public void The_numbers_of_a_new_pack_are_those_of_the_sources()
    {
        var parameters = new PolicyParameters();
        Assert.Equal((16, 60), (parameters.YoungestAge, parameters.OldestAge));
        Assert.Equal((80, 70), (parameters.AttendancePercent, parameters.PracticePercent));
        Assert.True(parameters.SpotCheckRequired);
        Assert.True(parameters.OneLiveVoucher);
        Assert.Equal((24, 72, 7, 30), (parameters.OfflineWarnHours, parameters.OfflineEnrolHours, parameters.OfflineAttendanceDays, parameters.OfflineEnrolments));
    }
}
