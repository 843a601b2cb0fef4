using Voucher.Core.Policies;
using Voucher.Core.Refusals;

namespace Voucher.Core.Institutions;

/// <summary>
/// One year's accreditation of an institution as a pure machine (text 004, 三（六）一: 每年进行认定，实行动态管理).
/// Granting, refusing, withdrawing and a suspension that lasts need two persons; stopping needs only one, so that nothing
/// bad has to wait for a second pair of eyes.
/// </summary>
/// <param name="ProposedBy">Who has put forward what is pending.</param>
/// <param name="SubmittedBy">Who handed the application in; never the one who confirms the verdict.</param>
/// <param name="IsSuspensionConfirmed">Two persons stand behind the suspension that is in effect.</param>
public sealed record Accreditation(
    AccreditationState State,
    AccreditationProposal Proposal = AccreditationProposal.None,
    StaffId? ProposedBy = null,
    StaffId? SubmittedBy = null,
    bool IsSuspensionConfirmed = false)
{
    /// <summary>Days within which a second person confirms a suspension or a withdrawal; after them it falls away.</summary>
    public const int ConfirmWithinDays = 7;

    private static readonly Words Proposed = new("提出意见", "put it forward");
    private static readonly Words HandedIn = new("提交申请", "handed it in");

    /// <summary>The next accreditation, or why the step is not possible. Lapsing is no person's step: <paramref name="by"/> is <c>null</c>.</summary>
    public Outcome<Accreditation> Decide(AccreditationCommand command, ActingPerson? by, Policy policy)
    {
        if (Next(command, by?.Staff) is not { } next) return Refusal.Under(policy, RefusalCode.AccreditationWrongStep, Standing);
        return command == AccreditationCommand.Confirm && RefuseSecond(by, policy) is { } refusal ? refusal : next;
    }

    /// <summary>The state, and what is pending in it.</summary>
    public Words Standing => Proposal == AccreditationProposal.None
        ? State.Name()
        : new($"{State.Name().Zh}；{Proposal.Name().Zh}", $"{State.Name().En}; {Proposal.Name().En}");

    private Refusal? RefuseSecond(ActingPerson? by, Policy policy)
    {
        if (by?.Is(ProposedBy) == true) return Refusal.Under(policy, RefusalCode.SamePerson, Proposed);
        var isVerdict = Proposal is AccreditationProposal.Grant or AccreditationProposal.Refuse;
        return isVerdict && by?.Is(SubmittedBy) == true ? Refusal.Under(policy, RefusalCode.SamePerson, HandedIn) : null;
    }

    private Accreditation? Next(AccreditationCommand command, StaffId? by) => (State, Proposal, command) switch
    {
        (AccreditationState.Draft, _, AccreditationCommand.Change) => this,
        (AccreditationState.Draft, _, AccreditationCommand.Submit) => this with { State = AccreditationState.Submitted, SubmittedBy = by },
        (AccreditationState.Draft or AccreditationState.Submitted, _, AccreditationCommand.TakeBack) => this with { State = AccreditationState.TakenBack },
        (AccreditationState.Submitted, _, AccreditationCommand.SendBack) => this with { State = AccreditationState.Draft },
        (AccreditationState.Submitted, _, AccreditationCommand.Inspect) => this with { State = AccreditationState.Inspected },
        (AccreditationState.Inspected, AccreditationProposal.None, _) => AfterInspection(command, by),
        (AccreditationState.Inspected, _, AccreditationCommand.Return) => Settled(AccreditationState.Inspected),
        (AccreditationState.Inspected, AccreditationProposal.Grant, AccreditationCommand.Confirm) => Settled(AccreditationState.Granted),
        (AccreditationState.Inspected, AccreditationProposal.Refuse, AccreditationCommand.Confirm) => Settled(AccreditationState.Refused),
        (AccreditationState.Granted, _, AccreditationCommand.Suspend) => Stopped(AccreditationProposal.Suspend, by),
        (AccreditationState.Granted, _, AccreditationCommand.ProposeWithdrawal) => Stopped(AccreditationProposal.Withdraw, by),
        (AccreditationState.Suspended, _, _) => WhileSuspended(command, by),
        _ => null,
    };

    private Accreditation? AfterInspection(AccreditationCommand command, StaffId? by) => command switch
    {
        AccreditationCommand.Inspect => this,
        AccreditationCommand.SendBack => this with { State = AccreditationState.Draft },
        AccreditationCommand.ProposeGrant => this with { Proposal = AccreditationProposal.Grant, ProposedBy = by },
        AccreditationCommand.ProposeRefusal => this with { Proposal = AccreditationProposal.Refuse, ProposedBy = by },
        _ => null,
    };

    private Accreditation? WhileSuspended(AccreditationCommand command, StaffId? by) => (Proposal, command) switch
    {
        (AccreditationProposal.None, AccreditationCommand.Lift or AccreditationCommand.Lapse) => Settled(AccreditationState.Granted),
        (AccreditationProposal.None or AccreditationProposal.Suspend, AccreditationCommand.ProposeWithdrawal) => Stopped(AccreditationProposal.Withdraw, by),
        (AccreditationProposal.Suspend, AccreditationCommand.Confirm) => Settled(AccreditationState.Suspended) with { IsSuspensionConfirmed = true },
        (AccreditationProposal.Suspend, AccreditationCommand.Return or AccreditationCommand.Lapse) => Settled(AccreditationState.Granted),
        (AccreditationProposal.Withdraw, AccreditationCommand.Confirm) => Settled(AccreditationState.Withdrawn),
        // What the withdrawal had stopped goes on; what two persons had stopped before stays stopped.
        (AccreditationProposal.Withdraw, AccreditationCommand.Return or AccreditationCommand.Lapse) =>
            IsSuspensionConfirmed ? this with { Proposal = AccreditationProposal.None, ProposedBy = null } : Settled(AccreditationState.Granted),
        _ => null,
    };

    private Accreditation Settled(AccreditationState state) =>
        this with { State = state, Proposal = AccreditationProposal.None, ProposedBy = null, IsSuspensionConfirmed = false };

    private Accreditation Stopped(AccreditationProposal proposal, StaffId? by) =>
        this with { State = AccreditationState.Suspended, Proposal = proposal, ProposedBy = by };
}
