using FsCheck;
using FsCheck.Fluent;
using Voucher.Core.Journals;

namespace Voucher.Core.Tests.Journals;

public sealed class EntryTimeTests
{
    private const int Cases = 100_000;

    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 4, 0, 0, TimeSpan.Zero);
    private static readonly Guid Boot = new("0195a1b2-0000-7000-8000-00000000b001");
    private static readonly Guid NextBoot = new("0195a1b2-0000-7000-8000-00000000b002");
    private static readonly Guid LastBoot = new("0195a1b2-0000-7000-8000-00000000b003");

    [Fact]
    public void Within_a_boot_the_time_elapsed_tells()
    {
        var time = EntryTime.Of(At(0, Clock(Boot, 0)), Clock(Boot, 60), 0, At(600, Clock(Boot, 600)));
        Assert.Equal(new TimeBounds(Minute(0), Minute(600)), time.Bounds);
        Assert.Equal((Minute(60), false), (time.At, time.IsClockDoubted));
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(300)]
    public void A_clock_that_is_wrong_all_the_time_is_no_cause_for_doubt(int wrongByMinutes)
    {
        DeviceClock Wrong(int minute) => Clock(Boot, minute, minute + wrongByMinutes);
        var time = EntryTime.Of(At(0, Wrong(0)), Wrong(60), 0, At(600, Wrong(600)));
        Assert.Equal((Minute(60), false), (time.At, time.IsClockDoubted));
    }

    [Theory]
    [InlineData(-120)]
    [InlineData(120)]
    public void A_clock_set_while_offline_moves_nothing_and_is_doubted(int setByMinutes)
    {
        var time = EntryTime.Of(At(0, Clock(Boot, 0)), Clock(Boot, 60, 60 + setByMinutes), 0, At(600, Clock(Boot, 600)));
        Assert.Equal((Minute(60), true), (time.At, time.IsClockDoubted));
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(11, true)]
    public void A_clock_is_doubted_beyond_ten_minutes(int setByMinutes, bool isDoubted) => Assert.Equal(
        isDoubted, EntryTime.Of(At(0, Clock(Boot, 0)), Clock(Boot, 60, 60 + setByMinutes), 0, At(600, Clock(Boot, 600))).IsClockDoubted);

    [Fact]
    public void Over_a_reboot_the_boot_of_the_next_receipt_tells()
    {
        var time = EntryTime.Of(At(0, Clock(Boot, 0)), Clock(NextBoot, 5, 400), 0, At(600, Clock(NextBoot, 205, 600)));
        Assert.Equal((Minute(400), false), (time.At, time.IsClockDoubted));
    }

    [Fact]
    public void Between_two_reboots_the_wall_clock_tells_less_its_error_before()
    {
        var time = EntryTime.Of(At(0, Clock(Boot, 0, 90)), Clock(NextBoot, 5, 490), 0, At(600, Clock(LastBoot, 5, 690)));
        Assert.Equal((Minute(400), false), (time.At, time.IsClockDoubted));
    }

    [Theory]
    [InlineData(-50_000)]
    [InlineData(50_000)]
    public void A_clock_that_was_lost_over_a_reboot_is_doubted_and_the_time_stays_within_what_is_proven(int wall)
    {
        var time = EntryTime.Of(At(0, Clock(Boot, 0)), Clock(NextBoot, 5, wall), 0, At(600, Clock(LastBoot, 5, 600)));
        Assert.True(time.IsClockDoubted);
        Assert.Equal(wall < 0 ? Minute(0) : Minute(600), time.At);
    }

    [Fact]
    public void A_machine_that_slept_and_whose_elapsed_time_stood_still_meanwhile_is_doubted()
    {
        var time = EntryTime.Of(At(0, Clock(Boot, 0)), Clock(Boot, 60, 360), 0, At(600, Clock(Boot, 300, 600)));
        Assert.True(time.IsClockDoubted);
        Assert.InRange(time.At, Minute(0), Minute(600));
    }

    [Fact]
    public void A_terminal_that_never_heard_the_server_is_bounded_by_its_first_receipt()
    {
        var time = EntryTime.Of(null, Clock(Boot, 60), 0, At(600, Clock(Boot, 600)));
        Assert.Equal(new TimeBounds(DateTimeOffset.UnixEpoch, Minute(600)), time.Bounds);
        Assert.Equal((Minute(60), false), (time.At, time.IsClockDoubted));
    }

    [Fact]
    public void The_servers_latest_answer_narrows_the_bounds_and_never_widens_them()
    {
        EntryTime With(long checkpoint) => EntryTime.Of(At(0, Clock(Boot, 0)), Clock(Boot, 60), checkpoint, At(600, Clock(Boot, 600)));
        Assert.Equal(new TimeBounds(Minute(30), Minute(600)), With(Minute(30).ToUnixTimeMilliseconds()).Bounds);
        Assert.Equal(new TimeBounds(Minute(0), Minute(600)), With(Minute(-30).ToUnixTimeMilliseconds()).Bounds);
        Assert.Equal(new TimeBounds(Minute(0), Minute(600)), With(Minute(601).ToUnixTimeMilliseconds()).Bounds);
        Assert.Equal(new TimeBounds(Minute(0), Minute(600)), With(long.MaxValue).Bounds);
    }

    [Fact]
    public void Of_two_intervals_one_is_earlier_only_when_they_do_not_touch()
    {
        TimeBounds Between(int from, int to) => new(Minute(from), Minute(to));
        Assert.True(Between(0, 10).IsBefore(Between(11, 20)));
        Assert.False(Between(0, 10).IsBefore(Between(10, 20)));
        Assert.False(Between(0, 15).IsBefore(Between(10, 20)));
        Assert.False(Between(11, 20).IsBefore(Between(0, 10)));
    }

    private sealed record Question(Anchor? Before, DeviceClock Entry, long Checkpoint, Anchor After);

    private static readonly Gen<long> Number = Gen.Frequency(
        (6, Gen.Choose(-3_000_000, 3_000_000).Select(number => (long)number)),
        (1, Gen.Elements(long.MinValue, long.MinValue + 1, -1L, 0L, 1L, long.MaxValue)),
        (2, from high in Gen.Choose(int.MinValue, int.MaxValue) from low in Gen.Choose(0, int.MaxValue) select ((long)high << 32) | (uint)low));

    private static readonly Gen<DeviceClock> AnyClock =
        from boot in Gen.Elements(Boot, NextBoot, LastBoot)
        from monotonic in Number
        from wall in Gen.OneOf(Number, Number.Select(number => unchecked(Noon.ToUnixTimeMilliseconds() + number)))
        select new DeviceClock(boot, monotonic, wall);

    private static readonly Gen<Anchor> AnyAnchor =
        from at in Gen.Frequency((8, Gen.Choose(-5_000, 5_000).Select(Minute)), (1, Gen.Elements(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue)))
        from clock in AnyClock
        select new Anchor(at, clock);

    private static readonly Gen<Question> AnyQuestion =
        from before in Gen.OneOf(AnyAnchor.Select(anchor => (Anchor?)anchor), Gen.Constant((Anchor?)null))
        from entry in AnyClock
        from checkpoint in Gen.OneOf(Number, Number.Select(number => unchecked(Noon.ToUnixTimeMilliseconds() + number)))
        from after in AnyAnchor
        select new Question(before, entry, checkpoint, after);

    [Fact]
    public void Whatever_a_device_writes_the_time_lies_within_what_the_server_has_proven() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases), Prop.ForAll(AnyQuestion.ToArbitrary(), question =>
        {
            var time = EntryTime.Of(question.Before, question.Entry, question.Checkpoint, question.After);
            var from = question.Before?.ServerTime ?? DateTimeOffset.UnixEpoch;
            var to = question.After.ServerTime;
            return time.Bounds.From <= time.At && time.At <= time.Bounds.To && time.Bounds.To == to && time.Bounds.From >= (from < to ? from : to)
                && time == EntryTime.Of(question.Before, question.Entry, question.Checkpoint, question.After);
        }));

    private static DateTimeOffset Minute(int minute) => Noon.AddMinutes(minute);

    private static Anchor At(int minute, DeviceClock clock) => new(Minute(minute), clock);

    private static DeviceClock Clock(Guid boot, int minute, int? wall = null) =>
        new(boot, 60_000L * minute, Minute(wall ?? minute).ToUnixTimeMilliseconds());
}
