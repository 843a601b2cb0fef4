using Voucher.Core.Policies;
using Voucher.Core.Tests.Vouchers;

namespace Voucher.Core.Tests.Policies;

public sealed class PolicyCalendarTests
{
    private static readonly DateOnly Day = new(2026, 6, 1);

    private static Policy Pack(int id, int from, int? until = null) => Sample.Policy with
    {
        Id = new(id), EffectiveFrom = Day.AddDays(from), EffectiveUntil = until is { } days ? Day.AddDays(days) : null,
    };

    [Fact]
    public void The_pack_that_came_into_force_last_is_the_rule_and_the_past_keeps_its_own()
    {
        Policy[] packs = [Pack(1, -100), Pack(3, 0), Pack(2, 0), Pack(4, 10)];
        Assert.Equal(1, PolicyCalendar.InForceOn(packs, Day.AddDays(-1))!.Id.Value);
        Assert.Equal(3, PolicyCalendar.InForceOn(packs, Day)!.Id.Value);
        Assert.Equal(4, PolicyCalendar.InForceOn(packs, Day.AddDays(10))!.Id.Value);
        Assert.Null(PolicyCalendar.InForceOn(packs, Day.AddDays(-101)));
        PolicyStanding[] standings = [PolicyStanding.Past, PolicyStanding.InForce, PolicyStanding.Past, PolicyStanding.Future];
        Assert.Equal(standings, packs.Select(pack => PolicyCalendar.StandingOf(pack, packs, Day)));
    }

    [Fact]
    public void A_pack_that_ends_gives_way_to_the_one_before_it_or_leaves_a_gap_that_is_named()
    {
        Policy[] covered = [Pack(1, -100), Pack(2, 0, 5)];
        Assert.Equal(1, PolicyCalendar.InForceOn(covered, Day.AddDays(6))!.Id.Value);
        Assert.Null(PolicyCalendar.FirstWithoutRule(covered, Day));
        Policy[] ending = [Pack(1, -100, 3), Pack(2, 0, 5)];
        Assert.Equal(Day.AddDays(6), PolicyCalendar.FirstWithoutRule(ending, Day));
        Assert.Equal(Day.AddDays(6), PolicyCalendar.FirstWithoutRule([.. ending, Pack(3, 8)], Day));
        Assert.Null(PolicyCalendar.FirstWithoutRule([.. ending, Pack(3, 6)], Day));
        Assert.Equal(Day, PolicyCalendar.FirstWithoutRule([], Day));
    }

    [Fact]
    public void On_a_day_without_a_rule_the_next_one_is_made_under_the_last_that_was_and_may_fill_the_gap()
    {
        Policy[] over = [Pack(1, -100, -10), Pack(2, -50, -20), Pack(3, 9)];
        Assert.Equal(1, PolicyCalendar.InForceOrLast(over, Day)!.Id.Value);
        Assert.Equal(2, PolicyCalendar.InForceOrLast(over, Day.AddDays(-30))!.Id.Value);
        Assert.Equal(3, PolicyCalendar.InForceOrLast([Pack(3, 9)], Day)!.Id.Value);
        Assert.Null(PolicyCalendar.InForceOrLast([], Day));
        Assert.Equal(Day.AddDays(-9), PolicyCalendar.EarliestStart(over, Day));
        Assert.Equal(Day.AddDays(10), PolicyCalendar.EarliestStart(over, Day.AddDays(9)));
        Assert.Equal(DateOnly.MinValue, PolicyCalendar.EarliestStart([Pack(3, 9)], Day));
    }
}
