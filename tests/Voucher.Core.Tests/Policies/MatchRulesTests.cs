using Voucher.Core.Matching;
using Voucher.Core.Policies;

namespace Voucher.Core.Tests.Policies;

public sealed class MatchRulesTests
{
    private static readonly PolicyParameters Rules = new()
    {
        Matches = [new(MatchSource.Deceased, MatchEffect.BlocksIssuing), new(MatchSource.Deceased, MatchEffect.BlocksPayment), new(MatchSource.School, MatchEffect.BlocksIssuing)],
    };

    [Fact]
    public void Several_rules_for_one_list_add_up_and_a_list_that_is_not_named_stops_nothing()
    {
        Assert.Equal(MatchEffect.BlocksIssuing | MatchEffect.BlocksPayment, Rules.EffectOf(MatchSource.Deceased));
        Assert.Equal(MatchEffect.BlocksIssuing, Rules.EffectOf(MatchSource.School));
        Assert.Equal(MatchEffect.None, Rules.EffectOf(MatchSource.EmployedInsured));
    }

    [Fact]
    public void The_lists_that_stop_something_are_named_once_each()
    {
        Assert.Equal([MatchSource.School, MatchSource.Deceased], Rules.WithEffect(MatchEffect.BlocksIssuing));
        Assert.Equal([MatchSource.Deceased], Rules.WithEffect(MatchEffect.BlocksPayment));
    }
}
