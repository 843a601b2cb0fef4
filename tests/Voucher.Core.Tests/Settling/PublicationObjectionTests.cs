using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Tests.Vouchers;

namespace Voucher.Core.Tests.Settling;

public sealed class PublicationObjectionTests
{
    private static readonly ObjectionStanding Open = new(ObjectionState.Open, null);
    private static readonly ObjectionStanding ForUpheld = new(ObjectionState.Proposed, true);
    private static readonly ObjectionStanding ForDismissed = new(ObjectionState.Proposed, false);
    private static readonly ObjectionStanding Upheld = new(ObjectionState.Upheld, null);
    private static readonly ObjectionStanding Dismissed = new(ObjectionState.Dismissed, null);

    private static readonly Dictionary<(ObjectionStanding, ObjectionStep), ObjectionStanding> Allowed = new()
    {
        [(Open, ObjectionStep.ProposeUpheld)] = ForUpheld, [(Open, ObjectionStep.ProposeDismissed)] = ForDismissed,
        [(ForUpheld, ObjectionStep.Confirm)] = Upheld, [(ForDismissed, ObjectionStep.Confirm)] = Dismissed,
        [(ForUpheld, ObjectionStep.SendBack)] = Open, [(ForDismissed, ObjectionStep.SendBack)] = Open,
    };

    [Fact]
    public void Every_state_and_step_has_its_one_answer_and_every_one_its_words()
    {
        foreach (var standing in new[] { Open, ForUpheld, ForDismissed, Upheld, Dismissed })
        foreach (var step in Enum.GetValues<ObjectionStep>())
        {
            var outcome = PublicationObjection.Decide(standing, step, Sample.Policy);
            if (Allowed.TryGetValue((standing, step), out var next)) Assert.Equal(next, outcome.OrThrow());
            else Assert.Equal(RefusalCode.ObjectionWrongStep, Assert.IsType<Outcome<ObjectionStanding>.Refused>(outcome).Refusal.Code);
        }
        Assert.All(Enum.GetValues<ObjectionState>(), state => Assert.NotEmpty(state.Name().En));
        Assert.All(Enum.GetValues<ObjectionStep>(), step => Assert.NotEmpty(step.Name().En));
        Assert.All(Enum.GetValues<ObjectionChannel>(), channel => Assert.NotEmpty(channel.Name().En));
        Assert.All(Enum.GetValues<PublicationStanding>(), standing => Assert.NotEmpty(standing.Name().En));
    }
}
