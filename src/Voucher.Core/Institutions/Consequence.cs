using Voucher.Core.Policies;
using Voucher.Core.Refusals;

namespace Voucher.Core.Institutions;

/// <summary>
/// One consequence of the ladder as a pure machine: every change is put forward by one person and decided by another; only the
/// institution's answer and the licensing authority's are plain facts. The suspension is none of these: it is the accreditation's.
/// </summary>
/// <param name="ProposedBy">Who has put forward what is pending; of a settled one, who put it forward first.</param>
/// <param name="DueOn">Last day of a rectification.</param>
/// <param name="NewDueOn">The last day that is proposed instead.</param>
public sealed record Consequence(
    ConsequenceRung Rung, ConsequenceState State, ConsequencePending Pending, StaffId ProposedBy, DateOnly? DueOn = null, DateOnly? NewDueOn = null)
{
    private static readonly Words Proposed = new("提出这一步", "put it forward");

    /// <summary>The rungs that are imposed here; the others are the accreditation's and time's.</summary>
    public static readonly IReadOnlyList<ConsequenceRung> Imposed =
        [ConsequenceRung.Warning, ConsequenceRung.Rectification, ConsequenceRung.LicenceProposal];

    public static Consequence Of(ConsequenceRung rung, StaffId by, DateOnly? dueOn) =>
        new(rung, ConsequenceState.Proposed, ConsequencePending.Impose, by, dueOn);

    public bool IsLive => State is ConsequenceState.InForce or ConsequenceState.Answered;

    /// <summary>On which rung the institution stands by it on the day; <c>null</c> where it stands on none.</summary>
    public ConsequenceRung? RungOn(DateOnly day)
    {
        if (State == ConsequenceState.Concluded) return Rung; // Until the accreditation is ended: what was found is not undone by a letter.
        if (!IsLive) return null;
        return Rung == ConsequenceRung.Rectification && DueOn < day ? ConsequenceRung.OverdueRectification : Rung;
    }

    /// <param name="newDueOn">With <see cref="ConsequenceStep.ProposeExtend"/>.</param>
    public Outcome<Consequence> Decide(ConsequenceStep step, ActingPerson by, Policy policy, DateOnly? newDueOn = null)
    {
        if (Next(step, by.Staff, newDueOn) is not { } next) return Refusal.Under(policy, RefusalCode.ConsequenceWrongStep, Standing);
        if (step is ConsequenceStep.Confirm or ConsequenceStep.Reject && by.Is(ProposedBy)) return Refusal.Under(policy, RefusalCode.SamePerson, Proposed);
        if (step == ConsequenceStep.Withdraw && !by.Is(ProposedBy)) return Refusal.Under(policy, RefusalCode.RecoveryOfAnother);
        return next;
    }

    /// <summary>Whether what is pending, agreed to on the day, would set a day that has come already; what was proposed may wait for long.</summary>
    public Refusal? RefuseTerm(ConsequenceStep step, DateOnly today, Policy policy)
    {
        var term = Pending switch { ConsequencePending.Impose => DueOn, ConsequencePending.Extend => NewDueOn, _ => null };
        return step == ConsequenceStep.Confirm && term is { } day && day <= today ? Refusal.Under(policy, RefusalCode.TermIsOver, CountyTime.Show(day)) : null;
    }

    /// <summary>The state, and what is pending in it.</summary>
    public Words Standing => Pending is ConsequencePending.None or ConsequencePending.Impose
        ? State.Name()
        : new($"{State.Name().Zh}；{Pending.Name().Zh}", $"{State.Name().En}; {Pending.Name().En}");

    private Consequence? Next(ConsequenceStep step, StaffId by, DateOnly? newDueOn) => step switch
    {
        ConsequenceStep.Confirm => Confirmed(),
        ConsequenceStep.Reject => TurnedDown(ConsequenceState.Rejected),
        ConsequenceStep.Withdraw => TurnedDown(ConsequenceState.Withdrawn),
        ConsequenceStep.Answer when IsLive && Rung == ConsequenceRung.Rectification => this with { State = ConsequenceState.Answered },
        ConsequenceStep.ProposeLift when (IsLive || State == ConsequenceState.Concluded) && Pending == ConsequencePending.None =>
            this with { Pending = ConsequencePending.Lift, ProposedBy = by },
        ConsequenceStep.ProposeExtend when IsLive && Pending == ConsequencePending.None && Rung == ConsequenceRung.Rectification && newDueOn > DueOn =>
            this with { Pending = ConsequencePending.Extend, ProposedBy = by, NewDueOn = newDueOn },
        ConsequenceStep.Conclude when State == ConsequenceState.InForce && Pending == ConsequencePending.None && Rung == ConsequenceRung.LicenceProposal =>
            this with { State = ConsequenceState.Concluded },
        _ => null,
    };

    private Consequence? Confirmed() => Pending switch
    {
        ConsequencePending.Impose when State == ConsequenceState.Proposed => this with { State = ConsequenceState.InForce, Pending = ConsequencePending.None },
        ConsequencePending.Lift => this with { State = ConsequenceState.Lifted, Pending = ConsequencePending.None },
        ConsequencePending.Extend => this with { State = ConsequenceState.InForce, Pending = ConsequencePending.None, DueOn = NewDueOn, NewDueOn = null },
        _ => null,
    };

    /// <summary>Of what is pending only; what stood before stands.</summary>
    private Consequence? TurnedDown(ConsequenceState whenNew) => Pending switch
    {
        ConsequencePending.Impose => this with { State = whenNew, Pending = ConsequencePending.None },
        ConsequencePending.None => null,
        _ => this with { Pending = ConsequencePending.None, NewDueOn = null },
    };
}
