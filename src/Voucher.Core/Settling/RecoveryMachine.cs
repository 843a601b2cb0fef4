using Voucher.Core.Money;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;

namespace Voucher.Core.Settling;

/// <summary>
/// One taking back (追回) as a pure machine: proposed by one person, decided by another, then paid in or netted until nothing is owed;
/// a wrong decision is reversed by two persons while nothing of it has come back.
/// </summary>
/// <param name="Receivable">What had been paid and is to come back; 0 before the decision.</param>
/// <param name="PaidIn">缴回.</param>
/// <param name="Netted">抵扣: kept from payments that the bank has made.</param>
/// <param name="Bound">To be kept from payments under way; neither paid in nor netted a second time meanwhile.</param>
/// <param name="ReversalProposedBy">Who says that the decision was wrong; <c>null</c> when nobody does.</param>
public sealed record Recovery(
    RecoveryState State, StaffId ProposedBy, Fen Receivable = default, Fen PaidIn = default, Fen Netted = default, Fen Bound = default,
    StaffId? ReversalProposedBy = null)
{
    private static readonly Words Proposal = new("提出追回", "proposed the taking back");
    private static readonly Words Reversal = new("提出撤销", "proposed the reversal");

    /// <summary>Still owed.</summary>
    public Fen Outstanding => Receivable - PaidIn - Netted;

    /// <summary>Still owed, and in no payment under way.</summary>
    public Fen Free => Outstanding - Bound;

    /// <summary>What must hold of any recovery that came from <see cref="Decide"/>.</summary>
    public bool IsSound =>
        PaidIn >= Fen.Zero && Netted >= Fen.Zero && Bound >= Fen.Zero && Free >= Fen.Zero
        && (State is RecoveryState.Open or RecoveryState.Settled or RecoveryState.Reversed || Receivable == Fen.Zero)
        && (State != RecoveryState.Open || Outstanding > Fen.Zero)
        && (State != RecoveryState.Settled || Outstanding == Fen.Zero);

    /// <summary>The next recovery, or why the step is not possible. Amounts are 0 or more, moved ones above 0.</summary>
    public Outcome<Recovery> Decide(RecoveryCommand command, Policy policy) => command switch
    {
        RecoveryCommand.Withdraw(var by) => Withdraw(by, policy),
        RecoveryCommand.Confirm(var by, var receivable) => Confirm(by, receivable, policy),
        RecoveryCommand.Reject(var by) => Reject(by, policy),
        RecoveryCommand.PayIn(var amount) => PayIn(amount, policy),
        RecoveryCommand.Bind(var amount) => Bind(amount, policy),
        RecoveryCommand.Net(var amount) => Net(amount, policy),
        RecoveryCommand.Unbind(var amount) => Unbind(amount, policy),
        RecoveryCommand.ProposeReversal(var by) => ProposeReversal(by, policy),
        RecoveryCommand.ConfirmReversal(var by) => ConfirmReversal(by, policy),
        RecoveryCommand.DropReversal => State is RecoveryState.Open or RecoveryState.Settled && ReversalProposedBy is not null
            ? this with { ReversalProposedBy = null }
            : WrongStep(policy),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Unknown step."),
    };

    /// <summary>Whether a notice served on the day would ask for money by a day that is over; nobody is asked where nothing had been paid.</summary>
    /// <param name="payBy">Last day to pay in.</param>
    public static Refusal? RefuseTerm(DateOnly payBy, DateOnly today, Fen receivable, Policy policy) =>
        receivable > Fen.Zero && payBy < today ? Refusal.Under(policy, RefusalCode.TermIsOver, CountyTime.Show(payBy)) : null;

    /// <summary>The state, and whether its reversal is pending.</summary>
    public Words Standing => ReversalProposedBy is null
        ? State.Name()
        : new($"{State.Name().Zh}；撤销待决定", $"{State.Name().En}; reversal to be decided");

    private Outcome<Recovery> Withdraw(ActingPerson by, Policy policy)
    {
        if (State != RecoveryState.Proposed) return WrongStep(policy);
        return by.Is(ProposedBy) ? this with { State = RecoveryState.Withdrawn } : Refusal.Under(policy, RefusalCode.RecoveryOfAnother);
    }

    private Outcome<Recovery> Confirm(ActingPerson by, Fen receivable, Policy policy)
    {
        if (State != RecoveryState.Proposed) return WrongStep(policy);
        if (by.Is(ProposedBy)) return Refusal.Under(policy, RefusalCode.SamePerson, Proposal);
        return this with { State = receivable > Fen.Zero ? RecoveryState.Open : RecoveryState.Settled, Receivable = receivable };
    }

    private Outcome<Recovery> Reject(ActingPerson by, Policy policy)
    {
        if (State != RecoveryState.Proposed) return WrongStep(policy);
        return by.Is(ProposedBy) ? Refusal.Under(policy, RefusalCode.SamePerson, Proposal) : this with { State = RecoveryState.Rejected };
    }

    private Outcome<Recovery> PayIn(Fen amount, Policy policy)
    {
        if (State != RecoveryState.Open) return WrongStep(policy);
        if (amount > Free) return Refusal.Under(policy, RefusalCode.PayInExceeds, amount.ToGroupedYuan(), Free.ToGroupedYuan());
        return (this with { PaidIn = PaidIn + amount }).Closed();
    }

    private Outcome<Recovery> Bind(Fen amount, Policy policy)
    {
        if (State != RecoveryState.Open) return WrongStep(policy);
        if (amount > Free) return Refusal.Under(policy, RefusalCode.PayInExceeds, amount.ToGroupedYuan(), Free.ToGroupedYuan());
        return this with { Bound = Bound + amount };
    }

    private Outcome<Recovery> Net(Fen amount, Policy policy)
    {
        if (State != RecoveryState.Open || amount > Bound) return WrongStep(policy);
        return (this with { Bound = Bound - amount, Netted = Netted + amount }).Closed();
    }

    private Outcome<Recovery> Unbind(Fen amount, Policy policy) =>
        State != RecoveryState.Open || amount > Bound ? WrongStep(policy) : this with { Bound = Bound - amount };

    private Outcome<Recovery> ProposeReversal(ActingPerson by, Policy policy)
    {
        if (State is not (RecoveryState.Open or RecoveryState.Settled) || ReversalProposedBy is not null) return WrongStep(policy);
        return RefuseReversal(policy) is { } refusal ? refusal : this with { ReversalProposedBy = by.Staff };
    }

    private Outcome<Recovery> ConfirmReversal(ActingPerson by, Policy policy)
    {
        if (State is not (RecoveryState.Open or RecoveryState.Settled) || ReversalProposedBy is not { } proposer) return WrongStep(policy);
        if (by.Is(proposer)) return Refusal.Under(policy, RefusalCode.SamePerson, Reversal);
        return RefuseReversal(policy) is { } refusal
            ? refusal
            : this with { State = RecoveryState.Reversed, Receivable = Fen.Zero, ReversalProposedBy = null };
    }

    /// <summary>What has come back or is being kept from a payment would have to be paid out anew: that is a payment, not a reversal.</summary>
    private Refusal? RefuseReversal(Policy policy) => PaidIn + Netted + Bound > Fen.Zero
        ? Refusal.Under(policy, RefusalCode.RecoveryCameBack, (PaidIn + Netted + Bound).ToGroupedYuan())
        : null;

    private Recovery Closed() => Outstanding == Fen.Zero ? this with { State = RecoveryState.Settled } : this;

    private Refusal WrongStep(Policy policy) => Refusal.Under(policy, RefusalCode.RecoveryWrongStep, Standing);
}

/// <summary>What may be asked of a recovery.</summary>
public abstract record RecoveryCommand
{
    private RecoveryCommand() { }

    public sealed record Withdraw(ActingPerson By) : RecoveryCommand;

    /// <param name="Receivable">The part that had been paid; the rest had not left the county.</param>
    public sealed record Confirm(ActingPerson By, Fen Receivable) : RecoveryCommand;

    public sealed record Reject(ActingPerson By) : RecoveryCommand;

    public sealed record PayIn(Fen Amount) : RecoveryCommand;

    /// <summary>Will be kept from a payment that is being made.</summary>
    public sealed record Bind(Fen Amount) : RecoveryCommand;

    /// <summary>That payment has been made.</summary>
    public sealed record Net(Fen Amount) : RecoveryCommand;

    /// <summary>That payment was not made.</summary>
    public sealed record Unbind(Fen Amount) : RecoveryCommand;

    public sealed record ProposeReversal(ActingPerson By) : RecoveryCommand;

    public sealed record ConfirmReversal(ActingPerson By) : RecoveryCommand;

    public sealed record DropReversal(ActingPerson By) : RecoveryCommand;
}
