using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Tests.Vouchers;

namespace Voucher.Core.Tests.Settling;

public sealed class RetainedMoneyTests
{
    private static readonly DateOnly Until = new(2026, 6, 30);
    private static readonly DateOnly Due = Until.AddDays(1);

    [Fact]
    public void Every_state_and_step_has_its_one_answer()
    {
        Dictionary<(RetainedState, RetainedStep), RetainedState> allowed = new()
        {
            [(RetainedState.Kept, RetainedStep.DraftRelease)] = RetainedState.ReleaseDrafted,
            [(RetainedState.Kept, RetainedStep.DraftForfeit)] = RetainedState.ForfeitDrafted,
            [(RetainedState.ReleaseDrafted, RetainedStep.Approve)] = RetainedState.Released,
            [(RetainedState.ForfeitDrafted, RetainedStep.Approve)] = RetainedState.Forfeited,
            [(RetainedState.ReleaseDrafted, RetainedStep.Refuse)] = RetainedState.Kept,
            [(RetainedState.ForfeitDrafted, RetainedStep.Refuse)] = RetainedState.Kept,
        };
        foreach (var state in Enum.GetValues<RetainedState>())
        foreach (var step in Enum.GetValues<RetainedStep>())
        {
            var outcome = new RetainedMoney(state, Until, RetainedObstacles.None).Decide(step, Due, Sample.Policy);
            if (allowed.TryGetValue((state, step), out var next)) Assert.Equal(next, outcome.OrThrow());
            else Assert.Equal(RefusalCode.RetainedWrongStep, CodeOf(outcome));
            Assert.NotEmpty(state.Name().En);
        }
    }

    [Fact]
    public void Neither_before_its_time_nor_with_an_obstacle_is_a_release_drafted_or_approved()
    {
        foreach (var (state, step) in new[] { (RetainedState.Kept, RetainedStep.DraftRelease), (RetainedState.ReleaseDrafted, RetainedStep.Approve) })
        {
            Assert.Equal(RefusalCode.RetainedNotDue, CodeOf(new RetainedMoney(state, Until, RetainedObstacles.None).Decide(step, Until, Sample.Policy)));
            foreach (var obstacle in Enum.GetValues<RetainedObstacles>().Where(one => one != RetainedObstacles.None))
            {
                var outcome = new RetainedMoney(state, Until, obstacle).Decide(step, Due, Sample.Policy);
                Assert.Equal(RefusalCode.RetainedNotDue, CodeOf(outcome));
                Assert.Contains(RetainedWords.Name(obstacle).Zh, Assert.IsType<Outcome<RetainedState>.Refused>(outcome).Refusal.Reason.Zh, StringComparison.Ordinal);
            }
        }
        Assert.True(new RetainedMoney(RetainedState.Kept, Until, RetainedObstacles.None).IsDueOn(Due));
        Assert.False(new RetainedMoney(RetainedState.Kept, Until, RetainedObstacles.None).IsDueOn(Until));
        Assert.False(new RetainedMoney(RetainedState.Kept, Until, RetainedObstacles.Hold).IsDueOn(Due));
        Assert.False(new RetainedMoney(RetainedState.ReleaseDrafted, Until, RetainedObstacles.None).IsDueOn(Due));
    }

    [Fact]
    public void It_may_be_forfeited_whatever_stands_against_its_release() =>
        Assert.Equal(RetainedState.Forfeited, new RetainedMoney(RetainedState.ForfeitDrafted, Until, RetainedObstacles.Finding).Decide(RetainedStep.Approve, Until, Sample.Policy).OrThrow());

    private static RefusalCode CodeOf<T>(Outcome<T> outcome) => Assert.IsType<Outcome<T>.Refused>(outcome).Refusal.Code;
}
