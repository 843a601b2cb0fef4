using Voucher.Core;
using Voucher.Server.Fraud;

namespace Voucher.Server.Tests.Fraud;

public sealed class RateBookTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 1, 0, 0, TimeSpan.Zero);
    private static readonly TerminalId One = new(1);
    private static readonly InstitutionId School = new(1);

    [Fact]
    public void A_terminal_may_scan_as_often_as_the_limit_says_and_again_when_the_minute_has_slid_on()
    {
        var book = new RateBook();
        for (var i = 0; i < 600; i++) Assert.Null(book.Take(One, 600, School, 3_000, Start));
        Assert.Equal(60, book.Take(One, 600, School, 3_000, Start));
        Assert.Null(book.Take(new TerminalId(2), 600, School, 3_000, Start));
        Assert.Equal(1, book.Take(One, 600, School, 3_000, Start.AddSeconds(59)));
        Assert.Null(book.Take(One, 600, School, 3_000, Start.AddSeconds(60)));
    }

    [Fact]
    public void All_terminals_of_an_institution_share_its_limit()
    {
        var book = new RateBook();
        for (var i = 1; i <= 30; i++) Assert.Null(book.Take(new TerminalId(i), 600, School, 30, Start));
        Assert.NotNull(book.Take(new TerminalId(31), 600, School, 30, Start));
        Assert.Null(book.Take(new TerminalId(31), 600, new InstitutionId(2), 30, Start));
    }

    [Fact]
    public void Nothing_is_too_much_without_a_limit()
    {
        var book = new RateBook();
        for (var i = 0; i < 10_000; i++) Assert.Null(book.Take(One, 0, School, 0, Start));
    }

    [Fact]
    public void What_other_servers_counted_counts_here_too()
    {
        var book = new RateBook();
        Assert.Null(book.Take(One, 10, School, 0, Start));
        var slot = SlidingCount.SlotOf(Start);
        var count = book.Active(slot).Single(entry => entry.Key == RateKey.Of(One)).Count;
        Assert.Equal(1, count.Own(slot)[slot]);
        count.Hear(slot, new Dictionary<long, int> { [slot] = 9 });
        Assert.NotNull(book.Take(One, 10, School, 0, Start));
        Assert.Null(book.Take(One, 11, School, 0, Start));
        count.Hear(slot, new Dictionary<long, int>());
        Assert.Null(book.Take(One, 11, School, 0, Start));
    }

    [Fact]
    public void A_minute_counts_what_was_counted_in_each_of_its_slots_and_forgets_what_left_it()
    {
        var count = new SlidingCount();
        for (var second = 0; second < 120; second++) count.Add(SlidingCount.SlotOf(Start.AddSeconds(second)));
        var last = SlidingCount.SlotOf(Start.AddSeconds(119));
        Assert.Equal(60, count.Own(last).Values.Sum());
        Assert.Null(count.WaitSlots(last, 61));
        Assert.Equal(1, count.WaitSlots(last, 60));
        Assert.False(count.IsIdle(last + SlidingCount.Slots - 1));
        Assert.True(count.IsIdle(last + SlidingCount.Slots));
    }

    [Fact]
    public void More_ids_than_can_be_counted_begin_anew_and_are_counted()
    {
        var book = new RateBook();
        for (var i = 1; i <= RateBook.MostIds + 2; i++) Assert.Null(book.Take(new TerminalId(i), 1, School, 0, Start));
        Assert.True(book.Active(SlidingCount.SlotOf(Start)).Count <= RateBook.MostIds);
        Assert.NotNull(book.Take(new TerminalId(RateBook.MostIds + 2), 1, School, 0, Start));
    }
}
