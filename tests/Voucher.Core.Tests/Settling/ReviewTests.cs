using Voucher.Core.Settling;

namespace Voucher.Core.Tests.Settling;

/// <summary>Deadlines, marks and the telephone sample.</summary>
public sealed class ReviewTests
{
    private static readonly DateOnly Monday = new(2027, 3, 1);

    [Fact]
    public void Ten_working_days_from_the_day_after_the_claim()
    {
        var deadline = ReviewDeadline.Of(Monday, 10, [], Monday.AddDays(14), WorkingDays.WeekendsOnly);
        Assert.Equal(Monday.AddDays(14), deadline.DueOn);
        Assert.Equal((0, false), (deadline.DaysLeft, deadline.IsOverdue));
        Assert.Equal("今天到期", deadline.Say().Zh);
        Assert.Equal([2027], deadline.MissingYears);
        var late = ReviewDeadline.Of(Monday, 10, [], Monday.AddDays(16), WorkingDays.WeekendsOnly);
        Assert.True(late.IsOverdue);
        Assert.Equal(("超期 2 个工作日", "overdue by 2 working days"), (late.Say().Zh, late.Say().En));
    }

    [Theory]
    [InlineData(9, false, false, "还剩 3 个工作日")]
    [InlineData(10, true, false, "还剩 2 个工作日")]
    [InlineData(11, true, false, "还剩 1 个工作日")]
    [InlineData(14, true, false, "今天到期")]
    [InlineData(15, false, true, "超期 1 个工作日")]
    public void The_last_two_working_days_and_the_day_itself_are_urgent_and_what_is_over_is_overdue(int daysAfter, bool isUrgent, bool isOverdue, string said)
    {
        var deadline = ReviewDeadline.Of(Monday, 10, [], Monday.AddDays(daysAfter), WorkingDays.WeekendsOnly);
        Assert.Equal((isUrgent, isOverdue, said), (deadline.IsUrgent, deadline.IsOverdue, deadline.Say().Zh));
    }

    [Fact]
    public void While_the_institution_has_it_the_time_stands_still()
    {
        var open = ReviewDeadline.Of(Monday, 10, [new(Monday.AddDays(2), null)], Monday.AddDays(60), WorkingDays.WeekendsOnly);
        Assert.Null(open.DueOn);
        Assert.False(open.IsOverdue);
        Assert.False(open.IsUrgent);
        var back = ReviewDeadline.Of(Monday, 10, [new(Monday.AddDays(2), Monday.AddDays(9))], Monday.AddDays(9), WorkingDays.WeekendsOnly);
        Assert.Equal(Monday.AddDays(21), back.DueOn);
    }

    [Theory]
    [InlineData(0, 10, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(1, 10, 1)]
    [InlineData(10, 10, 1)]
    [InlineData(11, 10, 2)]
    [InlineData(30, 0, 0)]
    [InlineData(30, 100, 30)]
    [InlineData(2000, 33, 660)]
    public void The_sample_is_rounded_up_and_never_empty(int lines, int percent, int size) => Assert.Equal(size, PhoneSample.SizeOf(lines, percent));

    [Fact]
    public void The_same_seed_draws_the_same_people_and_everybody_is_drawn_once()
    {
        var lines = Enumerable.Range(1, 40).Select(n => new ClaimLineId(n)).ToList();
        var drawn = PhoneSample.Draw(lines, 10, "a1").ToHashSet();
        Assert.Equal(4, drawn.Count);
        Assert.Equal(drawn, PhoneSample.Draw([.. lines.AsEnumerable().Reverse()], 10, "a1").ToHashSet());
        Assert.NotEqual(PhoneSample.Order(lines, "a1"), PhoneSample.Order(lines, "a2"));
        while (PhoneSample.Next(lines, drawn, "a1") is { } next) Assert.True(drawn.Add(next));
        Assert.Equal(40, drawn.Count);
    }

    [Fact]
    public void Anybody_can_repeat_the_draw_with_a_tool_for_sha256()
    {
        // for n in 1 2 3 4 5 6; do printf '%s %s\n' "$(printf a1:$n | sha256sum)" $n; done | sort
        var lines = Enumerable.Range(1, 6).Select(n => new ClaimLineId(n)).ToList();
        Assert.Equal([6L, 5L, 3L, 4L, 2L, 1L], PhoneSample.Order(lines, "a1").Select(line => line.Value));
        Assert.Equal([6L, 5L], PhoneSample.Draw(lines, 30, "a1").Select(line => line.Value));
        Assert.Equal(3, PhoneSample.Next(lines, new HashSet<ClaimLineId> { new(6), new(5) }, "a1")?.Value);
    }

    [Fact]
    public void Every_line_is_drawn_about_equally_often()
    {
        var lines = Enumerable.Range(1, 20).Select(n => new ClaimLineId(n)).ToList();
        var counts = lines.ToDictionary(line => line, _ => 0);
        for (var seed = 0; seed < 4_000; seed++)
            foreach (var line in PhoneSample.Draw(lines, 10, $"{seed}")) counts[line]++;
        Assert.All(counts.Values, count => Assert.InRange(count, 320, 480)); // 400 expected, standard deviation 19.
    }

    [Theory]
    [InlineData(1, 0, 0, true)]
    [InlineData(1, 0, 1, false)]
    [InlineData(3, 2, 0, true)]
    [InlineData(3, 3, 0, false)]
    [InlineData(0, 0, 0, false)]
    public void A_sample_fell_short_when_nobody_is_left_and_fewer_were_reached_than_were_wanted(int wanted, int reached, int open, bool fellShort) =>
        Assert.Equal(fellShort, PhoneSample.FellShort(wanted, reached, open));

    [Fact]
    public void Each_mark_comes_from_its_own_fact()
    {
        var clean = new LineFacts(10, 10, 80);
        Assert.Empty(LineMarks.Of(clean));
        (LineFacts Facts, LineMark Mark)[] each =
        [
            (clean with { PhoneDenied = true }, LineMark.PhoneDenied), (clean with { IsHeld = true }, LineMark.VoucherHeld),
            (clean with { IsInConflict = true }, LineMark.InConflict), (clean with { MatchStands = true }, LineMark.MatchStands),
            (clean with { SpotCheckFound = true }, LineMark.SpotCheckFindings), (clean with { SampleFellShort = true }, LineMark.SampleFellShort), (clean with { HoldReleased = true }, LineMark.HoldReleased),
            (clean with { WasTooClose = true }, LineMark.TooCloseScans), (clean with { ConflictDecided = true }, LineMark.ConflictDecided),
            (clean with { MatchDismissed = true }, LineMark.MatchDismissed), (clean with { EarlierRejections = 1 }, LineMark.EarlierRejection),
            (clean with { LineHeldBefore = true }, LineMark.LineHeldBefore), (clean with { IsReissued = true }, LineMark.Reissued),
            (clean with { OfflineScans = 1 }, LineMark.OfflineAttendance), (clean with { SessionsAttended = 8 }, LineMark.AttendanceAtLimit),
            (clean with { IsOverfull = true }, LineMark.OverfullClass),
        ];
        foreach (var (facts, mark) in each) Assert.Equal([mark], LineMarks.Of(facts));
        Assert.Equal(Enum.GetValues<LineMark>(), each.Select(row => row.Mark));
        Assert.Empty(LineMarks.Of(clean with { SessionsAttended = 9 }));
    }

    [Theory]
    [InlineData(7, 80, true)]
    [InlineData(8, 80, true)]
    [InlineData(9, 80, false)]
    [InlineData(10, 80, false)]
    [InlineData(10, 100, false)] // Nothing more could be asked of whoever missed nothing.
    public void Attendance_is_at_the_limit_when_one_session_less_would_not_have_been_enough(int attended, int percent, bool isAtLimit) =>
        Assert.Equal(isAtLimit, LineMarks.Of(new LineFacts(attended, 10, percent)).Contains(LineMark.AttendanceAtLimit));
}
