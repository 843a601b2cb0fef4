using Voucher.Core.Money;
using Voucher.Core.Policies;
using Voucher.Core.Settling;
using Voucher.Core.Tests.Vouchers;

namespace Voucher.Core.Tests.Settling;

public sealed class AllowanceDraftTests
{
    private static readonly DateOnly First = new(2026, 3, 2);
    private static readonly PersonId Ma = new(1), Ha = new(2);
    private static readonly Policy Pack = Sample.Policy with
    {
        Parameters = new PolicyParameters { LivingAllowanceFenPerDay = 3_000, TransportAllowanceFenPerDay = 1_000, TransportAllowanceSource = AllowanceSource.InstitutionSubsidy },
    };

    private static readonly Policy BothFromPublicFunds = Pack with { Parameters = Pack.Parameters with { TransportAllowanceSource = AllowanceSource.PublicFunds } };

    private static int _session;

    [Fact]
    public void A_day_counts_when_one_of_its_sessions_was_attended_from_in_to_out()
    {
        var days = AttendedDays.Of([Session(0, "08:00", @out: false), Session(0, "14:00"), Session(1, "08:00", @out: false), Session(2, "08:00", @in: false)]);
        Assert.Equal([First], days.Select(day => day.Day));
    }

    [Fact]
    public void Two_sessions_and_two_classes_of_a_day_are_one_day_of_the_class_that_met_first()
    {
        var days = AttendedDays.Of([Session(0, "14:00", enrolment: 10), Session(0, "08:00", enrolment: 11), Session(0, "10:00", enrolment: 10)]);
        Assert.Equal([(11L, First)], days.Select(day => (day.Enrolment, day.Day)));
    }

    [Fact]
    public void Of_two_classes_that_met_at_the_same_time_the_earlier_enrolment_has_the_day()
    {
        var days = AttendedDays.Of([Session(0, "08:00", enrolment: 11), Session(0, "08:00", enrolment: 10), Session(0, "08:00", enrolment: 12)]);
        Assert.Equal([10L], days.Select(day => day.Enrolment));
    }

    [Fact]
    public void Days_stand_by_person_and_then_by_day()
    {
        var days = AttendedDays.Of([Session(1, person: Ha), Session(1), Session(0, person: Ha), Session(0)]);
        Assert.Equal([(Ma, First), (Ma, First.AddDays(1)), (Ha, First), (Ha, First.AddDays(1))], days.Select(day => (day.Person, day.Day)));
    }

    [Fact]
    public void A_list_stands_by_training_and_then_by_kind()
    {
        var draft = Draft([Candidate(20, Ma), Candidate(10, Ha)], [Session(0, enrolment: 20), Session(0, person: Ha)], policyOn: _ => BothFromPublicFunds);
        Assert.Equal(
            [(10L, AllowanceKind.Living), (10L, AllowanceKind.Transport), (20L, AllowanceKind.Living), (20L, AllowanceKind.Transport)],
            draft.Entries.Select(entry => (entry.Enrolment, entry.Kind)));
    }

    [Fact]
    public void Everybody_is_paid_for_their_own_days_by_kind_and_the_subsidy_s_kind_is_on_no_list()
    {
        var draft = Draft([Candidate(10, Ma), Candidate(20, Ha)], [Session(0), Session(1), Session(0, enrolment: 20, person: Ha)]);
        Assert.Equal(
            [(10L, AllowanceKind.Living, 2, 6_000L), (20L, AllowanceKind.Living, 1, 3_000L)],
            draft.Entries.Select(entry => (entry.Enrolment, entry.Kind, entry.Amount.Days.Count, entry.Amount.Amount.Value)));
        Assert.Equal(new Fen(9_000), draft.Total);
        Assert.Empty(draft.LeftOut);
    }

    [Fact]
    public void A_rate_that_changes_within_the_month_is_paid_by_the_day()
    {
        var dearer = Pack with { Id = new PolicyId(2), Parameters = Pack.Parameters with { LivingAllowanceFenPerDay = 3_500 } };
        var draft = Draft([Candidate(10, Ma)], [Session(0), Session(1), Session(2)], policyOn: day => day < First.AddDays(2) ? Pack : dearer);
        var entry = Assert.Single(draft.Entries);
        Assert.Equal("2 天 × 30.00 元 + 1 天 × 35.00 元 = 95.00 元", entry.Amount.Arithmetic.Zh);
        Assert.Equal([1, 1, 2], entry.Amount.Days.Select(day => day.Policy.Value));
    }

    [Fact]
    public void A_rate_that_comes_back_is_written_once_where_it_first_held()
    {
        var days = new[] { 3_000L, 3_500L, 3_000L }.Select((rate, n) => new AllowanceDay(First.AddDays(n), new Fen(rate), new PolicyId(1)));
        Assert.Equal("2 天 × 30.00 元 + 1 天 × 35.00 元 = 95.00 元", AllowanceAmount.Of([.. days]).Arithmetic.Zh);
    }

    [Fact]
    public void A_pack_without_rates_lists_nobody_and_leaves_nobody_out()
    {
        var draft = Draft([Candidate(10, Ma), Candidate(20, Ha, AllowanceObstacle.Held)], [Session(0), Session(0, enrolment: 20, person: Ha)], policyOn: _ => Sample.Policy);
        Assert.Empty(draft.Entries);
        Assert.Empty(draft.LeftOut);
    }

    [Fact]
    public void Days_that_are_taken_are_passed_over_and_said_when_nothing_remains()
    {
        HashSet<(PersonId, AllowanceKind, DateOnly)> taken = [(Ma, AllowanceKind.Living, First), (Ha, AllowanceKind.Living, First)];
        var draft = Draft([Candidate(10, Ma), Candidate(20, Ha)], [Session(0), Session(1), Session(0, enrolment: 20, person: Ha)], taken);
        Assert.Equal(First.AddDays(1), Assert.Single(Assert.Single(draft.Entries).Amount.Days).Day);
        Assert.Equal((Ha, 1, AllowanceObstacle.DaysTaken), (Assert.Single(draft.LeftOut).Person, draft.LeftOut[0].Days, Assert.Single(draft.LeftOut[0].Obstacles)));
    }

    [Fact]
    public void Who_is_paid_for_one_day_of_either_kind_is_not_said_to_be_left_out()
    {
        HashSet<(PersonId, AllowanceKind, DateOnly)> taken = [(Ma, AllowanceKind.Living, First), (Ma, AllowanceKind.Transport, First)];
        var draft = Draft([Candidate(10, Ma)], [Session(0), Session(1)], taken, _ => BothFromPublicFunds);
        Assert.Equal([(AllowanceKind.Living, 1), (AllowanceKind.Transport, 1)], draft.Entries.Select(entry => (entry.Kind, entry.Amount.Days.Count)));
        Assert.Empty(draft.LeftOut);
    }

    [Fact]
    public void Whose_days_are_all_taken_is_said_by_training_with_the_days_of_the_kind_that_has_most()
    {
        var withoutTransport = BothFromPublicFunds with { Parameters = BothFromPublicFunds.Parameters with { TransportAllowanceFenPerDay = 0 } };
        HashSet<(PersonId, AllowanceKind, DateOnly)> taken =
        [
            (Ma, AllowanceKind.Living, First), (Ma, AllowanceKind.Living, First.AddDays(1)), (Ma, AllowanceKind.Transport, First), (Ha, AllowanceKind.Living, First.AddDays(1)),
        ];
        var draft = Draft(
            [Candidate(20, Ma), Candidate(10, Ha)], [Session(0, enrolment: 20), Session(1, enrolment: 20), Session(1, person: Ha)], taken,
            day => day == First ? BothFromPublicFunds : withoutTransport);
        Assert.Empty(draft.Entries);
        Assert.Equal([(10L, 1), (20L, 2)], draft.LeftOut.Select(left => (left.Enrolment, left.Days)));
    }

    [Fact]
    public void Who_is_held_up_is_said_with_the_days_of_their_own_training()
    {
        var draft = Draft([Candidate(10, Ma, AllowanceObstacle.Held), Candidate(20, Ha)], [Session(0), Session(1), Session(2, enrolment: 20, person: Ha)]);
        Assert.Equal([(10L, 2)], draft.LeftOut.Select(left => (left.Enrolment, left.Days)));
    }

    [Fact]
    public void A_day_in_two_classes_of_which_one_is_obstructed_is_paid_for_the_other()
    {
        var draft = Draft([Candidate(10, Ma, AllowanceObstacle.InConflict), Candidate(11, Ma)], [Session(0, "08:00"), Session(0, "14:00", enrolment: 11)]);
        Assert.Equal(11, Assert.Single(draft.Entries).Enrolment);
        Assert.Equal((10L, 1), (Assert.Single(draft.LeftOut).Enrolment, draft.LeftOut[0].Days));
    }

    [Theory]
    [InlineData(10_000, 6_000L, 4_000L)]
    [InlineData(7_000, 6_000L, 1_000L)]
    [InlineData(6_000, 6_000L, null)]
    [InlineData(100, 100L, null)]
    [InlineData(0, null, null)]
    public void The_subsidy_pays_no_more_than_it_has(long line, long? living, long? transport)
    {
        var within = SubsidyAllowances.Within(new Fen(line), [(AllowanceKind.Living, Days(2, 3_000)), (AllowanceKind.Transport, Days(4, 1_000))]);
        Assert.Equal(living, within.Where(each => each.Kind == AllowanceKind.Living).Select(each => (long?)each.Amount.Amount.Value).SingleOrDefault());
        Assert.Equal(transport, within.Where(each => each.Kind == AllowanceKind.Transport).Select(each => (long?)each.Amount.Amount.Value).SingleOrDefault());
    }

    [Fact]
    public void A_subsidy_below_zero_is_a_bug() =>
        Assert.Throws<ArgumentOutOfRangeException>("lineAmount", () => SubsidyAllowances.Within(new Fen(-1), [(AllowanceKind.Living, Days(1, 3_000))]));

    [Fact]
    public void What_the_subsidy_limits_is_said_with_both_figures() =>
        Assert.Equal("2 天 × 30.00 元 = 60.00 元，补贴所限 1.00 元", Days(2, 3_000).AtMost(new Fen(100)).Arithmetic.Zh);

    [Fact]
    public void Every_obstacle_is_found_worst_first_and_a_spot_check_only_where_it_is_required()
    {
        var worst = new AllowanceStanding(true, false, true, true, true, false, false, false, false);
        Assert.Equal(Enum.GetValues<AllowanceObstacle>().Where(each => each != AllowanceObstacle.DaysTaken), worst.Obstacles(spotCheckRequired: true));
        Assert.DoesNotContain(AllowanceObstacle.NotSpotChecked, worst.Obstacles(spotCheckRequired: false));
        Assert.Empty(new AllowanceStanding(false, true, false, false, false, true, true, true, true).Obstacles(spotCheckRequired: true));
    }

    private static AllowanceAmount Days(int count, long rate) =>
        AllowanceAmount.Of([.. Enumerable.Range(0, count).Select(n => new AllowanceDay(First.AddDays(n), new Fen(rate), new PolicyId(1)))]);

    private static AllowanceDraft Draft(
        AllowanceCandidate[] candidates, ScannedSession[] sessions, HashSet<(PersonId, AllowanceKind, DateOnly)>? taken = null, Func<DateOnly, Policy>? policyOn = null) =>
        AllowanceDraft.Of(candidates, sessions, taken ?? [], policyOn ?? (_ => Pack));

    private static AllowanceCandidate Candidate(long enrolment, PersonId person, params AllowanceObstacle[] obstacles) => new(enrolment, person, obstacles);

    private static ScannedSession Session(int day, string at = "08:00", long enrolment = 10, PersonId? person = null, bool @in = true, bool @out = true) =>
        new(person ?? Ma, enrolment, new SessionId(++_session), First.AddDays(day), TimeOnly.Parse(at, System.Globalization.CultureInfo.InvariantCulture), @in, @out);
}
