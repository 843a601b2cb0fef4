using Voucher.Core.Institutions;
using Voucher.Core.Refusals;
using Voucher.Core.Tests.Vouchers;

namespace Voucher.Core.Tests.Institutions;

/// <summary>Every state with everything that may be pending in it, against every step.</summary>
public sealed class AccreditationTests
{
    private static readonly StaffId First = new(1);
    private static readonly StaffId Second = new(2);

    /// <summary>What can be: each state, what is pending in it, and whether two persons stand behind a suspension.</summary>
    private static readonly Accreditation[] Standings =
    [
        new(AccreditationState.Draft),
        new(AccreditationState.Submitted, SubmittedBy: First),
        new(AccreditationState.Inspected),
        new(AccreditationState.Inspected, AccreditationProposal.Grant, First),
        new(AccreditationState.Inspected, AccreditationProposal.Refuse, First),
        new(AccreditationState.Granted),
        new(AccreditationState.Suspended, AccreditationProposal.Suspend, First),
        new(AccreditationState.Suspended, IsSuspensionConfirmed: true),
        new(AccreditationState.Suspended, AccreditationProposal.Withdraw, First),
        new(AccreditationState.Suspended, AccreditationProposal.Withdraw, First, IsSuspensionConfirmed: true),
        new(AccreditationState.Refused),
        new(AccreditationState.Withdrawn),
        new(AccreditationState.TakenBack),
    ];

    /// <summary>
    /// Rows as <see cref="Standings"/>; columns: change, submit, send back, inspect, propose grant, propose refusal, confirm, return,
    /// suspend, lift, propose withdrawal, take back, lapse. A dot refuses; a letter is the next state (D S I G U R W T), and what is
    /// pending in it (g r s w).
    /// </summary>
    private const string Table = """
        D  S  .  .  .  .  .  .  .  .  .  T  .
        .  .  D  I  .  .  .  .  .  .  .  T  .
        .  .  D  I  Ig Ir .  .  .  .  .  .  .
        .  .  .  .  .  .  G  I  .  .  .  .  .
        .  .  .  .  .  .  R  I  .  .  .  .  .
        .  .  .  .  .  .  .  .  Us .  Uw .  .
        .  .  .  .  .  .  U  G  .  .  Uw .  G
        .  .  .  .  .  .  .  .  .  G  Uw .  G
        .  .  .  .  .  .  W  G  .  .  .  .  G
        .  .  .  .  .  .  W  U  .  .  .  .  U
        .  .  .  .  .  .  .  .  .  .  .  .  .
        .  .  .  .  .  .  .  .  .  .  .  .  .
        .  .  .  .  .  .  .  .  .  .  .  .  .
        """;

    [Fact]
    public void Every_step_in_every_standing_is_as_the_table_says()
    {
        var said = string.Join('\n', Standings.Select(standing =>
            string.Join(' ', Enum.GetValues<AccreditationCommand>().Select(command => Say(standing, command).PadRight(2))).TrimEnd()));
        Assert.Equal(Table.ReplaceLineEndings("\n"), said);
    }

    [Fact]
    public void Whatever_is_pending_is_never_confirmed_by_the_person_who_put_it_forward()
    {
        foreach (var standing in Standings.Where(standing => standing.Proposal != AccreditationProposal.None))
            Assert.Equal(RefusalCode.SamePerson, CodeOf(standing.Decide(AccreditationCommand.Confirm, First, Sample.Policy)));
    }

    [Theory]
    [InlineData(AccreditationProposal.Grant)]
    [InlineData(AccreditationProposal.Refuse)]
    public void Whoever_handed_the_application_in_does_not_confirm_the_verdict(AccreditationProposal proposal)
    {
        var inspected = new Accreditation(AccreditationState.Inspected, proposal, First, SubmittedBy: Second);
        Assert.Equal(RefusalCode.SamePerson, CodeOf(inspected.Decide(AccreditationCommand.Confirm, Second, Sample.Policy)));
    }

    [Fact]
    public void Who_handed_it_in_long_ago_may_confirm_a_suspension()
    {
        var suspended = new Accreditation(AccreditationState.Suspended, AccreditationProposal.Suspend, First, SubmittedBy: Second);
        Assert.Equal(AccreditationState.Suspended, suspended.Decide(AccreditationCommand.Confirm, Second, Sample.Policy).OrThrow().State);
    }

    [Fact]
    public void Nothing_leads_out_of_withdrawn_but_a_new_application()
    {
        foreach (var command in Enum.GetValues<AccreditationCommand>())
        {
            var refused = Assert.IsType<Outcome<Accreditation>.Refused>(new Accreditation(AccreditationState.Withdrawn).Decide(command, Second, Sample.Policy));
            Assert.Equal(RefusalCode.AccreditationWrongStep, refused.Refusal.Code);
            Assert.NotNull(refused.Refusal.Rule);
        }
    }

    private static string Say(Accreditation standing, AccreditationCommand command)
    {
        if (standing.Decide(command, Second, Sample.Policy) is not Outcome<Accreditation>.Done(var next)) return ".";
        Assert.Equal(next.Proposal == AccreditationProposal.None, next.ProposedBy is null);
        return $"{"DSIGURWT"[(int)next.State - 1]}{(next.Proposal == AccreditationProposal.None ? "" : "grsw"[(int)next.Proposal - 1])}";
    }

    private static RefusalCode CodeOf(Outcome<Accreditation> outcome) => Assert.IsType<Outcome<Accreditation>.Refused>(outcome).Refusal.Code;
}
