using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Tests.Vouchers;

namespace Voucher.Core.Tests.Settling;

public sealed class PublicationMachineTests
{
    private static readonly DateOnly Until = new(2026, 3, 13);
    private static readonly PublicationState None = PublicationState.NotPublished;
    private static readonly PublicationState Published = new(PublicationStanding.Published, Until, 0);
    private static readonly PublicationState Objected = new(PublicationStanding.Objected, Until, 1);
    private static readonly PublicationState Twice = new(PublicationStanding.Objected, Until, 2);
    private static readonly PublicationState Cleared = new(PublicationStanding.Cleared, Until, 0);
    private static readonly PublicationState Withdrawn = new(PublicationStanding.Withdrawn, Until, 0);
    private static readonly PublicationState[] States = [None, Published, Objected, Twice, Cleared, Withdrawn];

    private static readonly PublicationCommand Publish = new PublicationCommand.Publish(Until);
    private static readonly PublicationCommand Object = new PublicationCommand.Object();
    private static readonly PublicationCommand DismissEarly = new PublicationCommand.Dismiss(Until);
    private static readonly PublicationCommand DismissLate = new PublicationCommand.Dismiss(Until.AddDays(1));
    private static readonly PublicationCommand Uphold = new PublicationCommand.Uphold();
    private static readonly PublicationCommand[] Commands = [Publish, Object, DismissEarly, DismissLate, Uphold];

    /// <summary>Whatever is not here is refused.</summary>
    private static readonly Dictionary<(PublicationState, PublicationCommand), PublicationState> Allowed = new()
    {
        [(None, Publish)] = Published,
        [(Published, Object)] = Objected, [(Objected, Object)] = Twice, [(Cleared, Object)] = Objected,
        [(Twice, Object)] = Twice with { OpenObjections = 3 },
        [(Objected, DismissEarly)] = Published, [(Objected, DismissLate)] = Cleared,
        [(Twice, DismissEarly)] = Objected, [(Twice, DismissLate)] = Objected,
        [(Objected, Uphold)] = Withdrawn, [(Twice, Uphold)] = Withdrawn,
    };

    [Fact]
    public void Every_state_and_command_has_its_one_answer()
    {
        foreach (var state in States)
        foreach (var command in Commands)
        {
            var outcome = PublicationMachine.Decide(state, command, Sample.Policy);
            if (Allowed.TryGetValue((state, command), out var next)) Assert.Equal(next, outcome.OrThrow());
            else
            {
                var code = Assert.IsType<Outcome<PublicationState>.Refused>(outcome).Refusal.Code;
                Assert.Equal(state == None ? RefusalCode.NotPublished : RefusalCode.PublicationWrongStep, code);
            }
        }
    }

    [Fact]
    public void It_is_paid_when_its_period_is_over_and_nobody_objects()
    {
        foreach (var (state, day, workingDays, refusal) in new (PublicationState, DateOnly, int, RefusalCode)[]
        {
            (None, Until, 0, RefusalCode.None), (None, Until, 5, RefusalCode.NotPublished),
            (Published, Until, 5, RefusalCode.PublicationNotOver), (Published, Until.AddDays(1), 5, RefusalCode.None),
            (Published, Until, 0, RefusalCode.PublicationNotOver),
            (Objected, Until.AddDays(30), 5, RefusalCode.ObjectionOpen), (Objected, Until.AddDays(30), 0, RefusalCode.ObjectionOpen),
            (Cleared, Until.AddDays(1), 5, RefusalCode.None), (Withdrawn, Until.AddDays(30), 0, RefusalCode.ObjectionUpheld),
        })
        {
            Assert.Equal(refusal, PublicationMachine.RefusePayment(state, day, workingDays, "x", Sample.Policy)?.Code ?? RefusalCode.None);
            Assert.Equal(refusal == RefusalCode.None, PublicationMachine.MayBePaid(state, day, workingDays));
        }
    }

    [Fact]
    public void Whatever_is_owed_for_a_voucher_is_frozen_while_something_else_of_it_is_objected_to()
    {
        foreach (var state in States)
        {
            Assert.Equal(state, state.BesideAnother(isObjected: false));
            var beside = state.BesideAnother(isObjected: true);
            Assert.False(PublicationMachine.MayBePaid(beside, Until.AddDays(30), 0));
            Assert.Equal(
                state == Withdrawn ? RefusalCode.ObjectionUpheld : RefusalCode.ObjectionOpen,
                PublicationMachine.RefusePayment(beside, Until.AddDays(30), 0, "x", Sample.Policy)!.Code);
        }
        Assert.Equal(Twice, Twice.BesideAnother(isObjected: true));
    }

    [Theory]
    [InlineData("2026-03-06", 5, "2026-03-13")] // Friday: the weekend and the day itself do not count.
    [InlineData("2026-03-07", 1, "2026-03-09")]
    [InlineData("2026-03-09", 5, "2026-03-16")]
    [InlineData("2026-03-09", 30, "2026-04-20")]
    public void The_period_counts_working_days_after_the_day_on_which_it_is_put_up(string from, int days, string until)
    {
        var period = PublicationPeriod.Of(Day(from), days, WorkingDays.WeekendsOnly.IsWorking);
        Assert.Equal(new PublicationPeriod(Day(from), Day(until)), period);
        Assert.False(period.IsRunningOn(Day(from).AddDays(-1)));
        Assert.True(period.IsRunningOn(Day(from)) && period.IsRunningOn(Day(until)) && !period.IsOverOn(Day(until)));
        Assert.True(period.IsOverOn(Day(until).AddDays(1)) && !period.IsRunningOn(Day(until).AddDays(1)));
    }

    [Fact]
    public void A_holiday_makes_the_period_longer_and_what_is_out_of_range_is_a_bug()
    {
        var from = Day("2026-09-28");
        Assert.Equal(Day("2026-10-12"), PublicationPeriod.Of(from, 5, day => WorkingDays.WeekendsOnly.IsWorking(day) && (day < Day("2026-10-01") || day > Day("2026-10-07"))).Until);
        Assert.Throws<InvalidOperationException>(() => PublicationPeriod.Of(from, 1, _ => false));
        Assert.Throws<ArgumentOutOfRangeException>("workingDays", () => PublicationPeriod.Of(from, 0, _ => true));
        Assert.Throws<ArgumentOutOfRangeException>("workingDays", () => PublicationPeriod.Of(from, 31, _ => true));
        Assert.Throws<ArgumentNullException>("isWorkingDay", () => PublicationPeriod.Of(from, 1, null!));
    }

    [Fact]
    public void A_working_day_is_looked_for_through_400_days_and_no_further()
    {
        var from = Day("2026-03-06");
        Assert.Equal(from.AddDays(400), PublicationPeriod.Of(from, 1, day => day == from.AddDays(400)).Until);
        Assert.Throws<InvalidOperationException>(() => PublicationPeriod.Of(from, 1, day => day == from.AddDays(401)));
    }

    [Theory]
    [InlineData("马小梅", "马**")]
    [InlineData(" 马梅 ", "马**")]
    [InlineData("阿卜杜·穆罕默德", "阿**")]
    [InlineData("𠮷野家", "𠮷**")]
    [InlineData("马", "**")]
    [InlineData("", "**")]
    public void In_public_a_name_is_its_first_character_alone(string name, string shown) => Assert.Equal(shown, PublicationName.Of(name));

    [Fact]
    public void Of_a_voucher_number_the_last_four_digits_are_shown() => Assert.Equal("0042", PublicationName.TailOf("6229260000000042"));

    private static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
