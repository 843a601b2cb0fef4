using Voucher.Terminal.Link;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Link;

/// <summary>How long a scan waits its turn.</summary>
public sealed class AnswerDeskTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AnswerWithin = LinkLimits.HubAnswerWithin + LinkLimits.RestAnswerWithin;

    private readonly MachineClock _clock = new(new DateTimeOffset(2026, 11, 23, 1, 0, 0, TimeSpan.Zero));
    private readonly Guid _scan = Guid.NewGuid();
    private readonly AnswerDesk _desk;

    public AnswerDeskTests() => _desk = new AnswerDesk(_clock);

    [Fact]
    public void It_ends_when_the_time_that_was_told_is_over_and_no_answer_can_come_any_more()
    {
        _desk.SlowDown(_scan, Patience);
        _clock.Pass(Patience + AnswerWithin - TimeSpan.FromMilliseconds(1));
        Assert.True(_desk.IsSlowedDown(_scan));
        _clock.Pass(TimeSpan.FromMilliseconds(1));
        Assert.False(_desk.IsSlowedDown(_scan));
    }

    [Fact]
    public void It_ends_when_the_server_was_asked_again_and_did_not_answer()
    {
        _desk.SlowDown(_scan, Patience);
        _desk.Unanswered(_scan);
        Assert.False(_desk.IsSlowedDown(_scan));
    }

    [Fact]
    public void Told_again_it_waits_again()
    {
        _desk.SlowDown(_scan, Patience);
        _clock.Pass(Patience);
        _desk.SlowDown(_scan, Patience);
        _clock.Pass(Patience + AnswerWithin / 2);
        Assert.True(_desk.IsSlowedDown(_scan));
    }

    [Fact]
    public void A_clock_that_is_set_meanwhile_changes_nothing()
    {
        _desk.SlowDown(_scan, Patience);
        _clock.Ahead = TimeSpan.FromDays(1);
        Assert.True(_desk.IsSlowedDown(_scan));
        _clock.Ahead = TimeSpan.FromDays(-1);
        _clock.Pass(Patience + AnswerWithin);
        Assert.False(_desk.IsSlowedDown(_scan));
    }
}
