using Voucher.Core.Institutions;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Tests.Vouchers;

namespace Voucher.Core.Tests.Institutions;

/// <summary>Every rung with every state and pending proposal, against every step.</summary>
public sealed class ConsequenceTests
{
    private static readonly StaffId First = new(1);
    private static readonly StaffId Second = new(2);
    private static readonly DateOnly Due = new(2026, 6, 30);
    private static readonly DateOnly Later = new(2026, 7, 31);

    private static IEnumerable<Consequence> Standings =>
        from rung in Consequence.Imposed
        from standing in new (ConsequenceState State, ConsequencePending Pending)[]
        {
            (ConsequenceState.Proposed, ConsequencePending.Impose), (ConsequenceState.InForce, ConsequencePending.None), (ConsequenceState.InForce, ConsequencePending.Lift),
            (ConsequenceState.InForce, ConsequencePending.Extend), (ConsequenceState.Answered, ConsequencePending.None), (ConsequenceState.Answered, ConsequencePending.Lift),
            (ConsequenceState.Lifted, ConsequencePending.None), (ConsequenceState.Rejected, ConsequencePending.None), (ConsequenceState.Withdrawn, ConsequencePending.None),
            (ConsequenceState.Concluded, ConsequencePending.None),
        }
        where rung == ConsequenceRung.Rectification || standing.Pending != ConsequencePending.Extend && standing.State != ConsequenceState.Answered
        where rung == ConsequenceRung.LicenceProposal || standing.State != ConsequenceState.Concluded
        select new Consequence(rung, standing.State, standing.Pending, First, rung == ConsequenceRung.Rectification ? Due : null,
            standing.Pending == ConsequencePending.Extend ? Later : null);

    /// <summary>The next state and what is pending in it, or <c>null</c>: the wrong step. Written apart from the machine.</summary>
    private static (ConsequenceState, ConsequencePending)? Expected(Consequence from, ConsequenceStep step)
    {
        var isRectification = from.Rung == ConsequenceRung.Rectification;
        var isLive = from.State is ConsequenceState.InForce or ConsequenceState.Answered;
        return (from.State, from.Pending, step) switch
        {
            (ConsequenceState.Proposed, _, ConsequenceStep.Confirm) => (ConsequenceState.InForce, ConsequencePending.None),
            (ConsequenceState.Proposed, _, ConsequenceStep.Reject) => (ConsequenceState.Rejected, ConsequencePending.None),
            (ConsequenceState.Proposed, _, ConsequenceStep.Withdraw) => (ConsequenceState.Withdrawn, ConsequencePending.None),
            (_, ConsequencePending.Lift, ConsequenceStep.Confirm) => (ConsequenceState.Lifted, ConsequencePending.None),
            (_, ConsequencePending.Extend, ConsequenceStep.Confirm) => (ConsequenceState.InForce, ConsequencePending.None),
            (_, ConsequencePending.Lift or ConsequencePending.Extend, ConsequenceStep.Reject or ConsequenceStep.Withdraw) => (from.State, ConsequencePending.None),
            (_, _, ConsequenceStep.Answer) when isLive && isRectification => (ConsequenceState.Answered, from.Pending),
            (_, ConsequencePending.None, ConsequenceStep.ProposeLift) when isLive || from.State == ConsequenceState.Concluded => (from.State, ConsequencePending.Lift),
            (_, ConsequencePending.None, ConsequenceStep.ProposeExtend) when isLive && isRectification => (from.State, ConsequencePending.Extend),
            (ConsequenceState.InForce, ConsequencePending.None, ConsequenceStep.Conclude) when from.Rung == ConsequenceRung.LicenceProposal =>
                (ConsequenceState.Concluded, ConsequencePending.None),
            _ => null,
        };
    }

    [Fact]
    public void Each_standing_answers_each_step()
    {
        foreach (var from in Standings)
            foreach (var step in Enum.GetValues<ConsequenceStep>().Where(step => step != ConsequenceStep.Propose))
            {
                var by = step == ConsequenceStep.Withdraw ? First : Second;
                var said = from.Decide(step, by, Sample.Policy, Later);
                if (Expected(from, step) is { } expected) Assert.Equal(expected, (said.OrThrow().State, said.OrThrow().Pending));
                else Assert.Equal(RefusalCode.ConsequenceWrongStep, Assert.IsType<Outcome<Consequence>.Refused>(said).Refusal.Code);
            }
    }

    [Fact]
    public void A_day_that_has_come_is_not_agreed_to_and_without_one_nothing_hinders()
    {
        foreach (var from in Standings)
            foreach (var step in Enum.GetValues<ConsequenceStep>())
                foreach (var today in new[] { Due.AddDays(-1), Due, Later.AddDays(-1), Later })
                {
                    var term = from.Pending switch
                    {
                        ConsequencePending.Impose when from.Rung == ConsequenceRung.Rectification => Due,
                        ConsequencePending.Extend => Later,
                        _ => DateOnly.MaxValue,
                    };
                    RefusalCode? expected = step == ConsequenceStep.Confirm && term <= today ? RefusalCode.TermIsOver : null;
                    Assert.Equal(expected, from.RefuseTerm(step, today, Sample.Policy)?.Code);
                }
    }

    [Fact]
    public void Who_puts_a_step_forward_neither_confirms_nor_turns_it_down_and_only_they_withdraw_it()
    {
        foreach (var from in Standings.Where(from => from.Pending != ConsequencePending.None))
        {
            Assert.Equal(RefusalCode.SamePerson, CodeOf(from.Decide(ConsequenceStep.Confirm, First, Sample.Policy)));
            Assert.Equal(RefusalCode.SamePerson, CodeOf(from.Decide(ConsequenceStep.Reject, First, Sample.Policy)));
            Assert.Equal(RefusalCode.RecoveryOfAnother, CodeOf(from.Decide(ConsequenceStep.Withdraw, Second, Sample.Policy)));
        }
    }

    [Fact]
    public void A_rectification_is_overdue_after_its_last_day_until_it_is_lifted()
    {
        var rectification = Consequence.Of(ConsequenceRung.Rectification, First, Due);
        Assert.Null(rectification.RungOn(Later));
        rectification = rectification.Decide(ConsequenceStep.Confirm, Second, Sample.Policy).OrThrow();
        Assert.Equal(ConsequenceRung.Rectification, rectification.RungOn(Due));
        Assert.Equal(ConsequenceRung.OverdueRectification, rectification.RungOn(Due.AddDays(1)));
        var extended = rectification.Decide(ConsequenceStep.ProposeExtend, First, Sample.Policy, Later).OrThrow();
        Assert.Equal(ConsequenceRung.OverdueRectification, extended.RungOn(Later)); // Not before the second word.
        extended = extended.Decide(ConsequenceStep.Confirm, Second, Sample.Policy).OrThrow();
        Assert.Equal(ConsequenceRung.Rectification, extended.RungOn(Later));
        var lifted = extended.Decide(ConsequenceStep.ProposeLift, First, Sample.Policy).OrThrow().Decide(ConsequenceStep.Confirm, Second, Sample.Policy).OrThrow();
        Assert.Null(lifted.RungOn(Later.AddDays(1)));
        Assert.Equal(RefusalCode.ConsequenceWrongStep, CodeOf(rectification.Decide(ConsequenceStep.ProposeExtend, First, Sample.Policy, Due)));
    }

    [Theory]
    [InlineData(ConsequenceRung.Warning, Blocked.None)]
    [InlineData(ConsequenceRung.Rectification, Blocked.Classes)]
    [InlineData(ConsequenceRung.OverdueRectification, Blocked.Classes | Blocked.Claims)]
    [InlineData(ConsequenceRung.Suspension, Blocked.Classes)]
    [InlineData(ConsequenceRung.LicenceProposal, Blocked.Classes | Blocked.Claims | Blocked.Payments)]
    public void Unless_a_pack_says_otherwise_each_rung_blocks_so_much_and_a_suspension_no_settlement(ConsequenceRung rung, Blocked blocks)
    {
        Assert.Equal(blocks, Sample.Policy.Parameters.BlocksOf(rung));
        foreach (var what in new[] { Blocked.Classes, Blocked.Claims, Blocked.Payments })
            Assert.Equal(blocks.HasFlag(what), ConsequenceRules.Refuse(Sample.Policy, [ConsequenceRung.Warning, rung], what)?.Code == RefusalCode.ConsequenceBlocks);
    }

    [Fact]
    public void A_pack_may_let_a_warning_stop_payments()
    {
        var strict = Sample.Policy with { Parameters = new() { Consequences = [new(ConsequenceRung.Warning, Blocked.Payments)] } };
        Assert.NotNull(ConsequenceRules.Refuse(strict, [ConsequenceRung.Warning], Blocked.Payments));
        Assert.Null(ConsequenceRules.Refuse(strict, [ConsequenceRung.LicenceProposal], Blocked.Classes));
        Assert.Contains(PolicyLines.Of(strict, trade => new($"{trade}", $"{trade}")), line => line.Key == "consequences-Warning" && line.Value.Zh == "暂停支付");
    }

    private static RefusalCode CodeOf(Outcome<Consequence> outcome) => Assert.IsType<Outcome<Consequence>.Refused>(outcome).Refusal.Code;
}
