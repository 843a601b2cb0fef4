using Voucher.Core.Institutions;
using Voucher.Core.Money;
using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Tests.Vouchers;

namespace Voucher.Core.Tests;

/// <summary>Who is one person, though known under several rows.</summary>
public sealed class ActingPersonTests
{
    private static readonly StaffId Kept = new(7), Old = new(12), Other = new(13);

    [Fact]
    public void A_person_is_every_row_of_theirs_and_nobody_elses()
    {
        var person = new ActingPerson(Kept, new HashSet<StaffId> { Kept, Old });
        Assert.True(person.Is(Kept));
        Assert.True(person.Is(Old));
        Assert.False(person.Is(Other));
        Assert.False(person.Is(null));
    }

    [Fact]
    public void Rows_of_somebody_else_make_nobody_the_same()
    {
        var person = new ActingPerson(Other, new HashSet<StaffId> { Kept, Old });
        Assert.True(person.Is(Other));
        Assert.False(person.Is(Old));
        Assert.False(((ActingPerson)Kept).Is(Old));
    }

    [Fact]
    public void What_was_proposed_under_an_old_row_is_not_decided_under_the_new()
    {
        var person = new ActingPerson(Kept, new HashSet<StaffId> { Kept, Old });
        var proposed = new Recovery(RecoveryState.Proposed, Old);
        ExpectSamePerson(proposed.Decide(new RecoveryCommand.Confirm(person, Fen.Zero), Sample.Policy));
        ExpectSamePerson(proposed.Decide(new RecoveryCommand.Reject(person), Sample.Policy));
        Assert.Equal(RecoveryState.Withdrawn, proposed.Decide(new RecoveryCommand.Withdraw(person), Sample.Policy).OrThrow().State);
        var doubted = new Recovery(RecoveryState.Open, Other, new Fen(30), ReversalProposedBy: Old);
        ExpectSamePerson(doubted.Decide(new RecoveryCommand.ConfirmReversal(person), Sample.Policy));
        ExpectSamePerson(Consequence.Of(ConsequenceRung.Warning, Old, null).Decide(ConsequenceStep.Confirm, person, Sample.Policy));
        ExpectSamePerson(new Accreditation(AccreditationState.Inspected, AccreditationProposal.Grant, Other, SubmittedBy: Old).Decide(AccreditationCommand.Confirm, person, Sample.Policy));
        ExpectSamePerson(new Accreditation(AccreditationState.Inspected, AccreditationProposal.Grant, Old).Decide(AccreditationCommand.Confirm, person, Sample.Policy));
    }

    private static void ExpectSamePerson<T>(Outcome<T> outcome) => Assert.Equal(RefusalCode.SamePerson, Assert.IsType<Outcome<T>.Refused>(outcome).Refusal.Code);
}
