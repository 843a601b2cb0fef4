using Voucher.Core.Policies;
using Voucher.Core.Refusals;

namespace Voucher.Core.Settling;

/// <summary>Where a monthly list of allowances stands.</summary>
public enum AllowanceListState
{
    Drafted = 1,
    Approved = 2,
    PartlyPaid = 3,
    Paid = 4,
    Cancelled = 5,
}

/// <summary>What can be done with a list, or with one entry of it.</summary>
public enum AllowanceStep
{
    /// <summary>A second person approves: all entries become payable.</summary>
    Approve = 1,

    /// <summary>作废: the whole list, while nothing of it is on its way to the bank.</summary>
    Cancel = 2,

    /// <summary>One entry that is still open.</summary>
    CancelOne = 3,

    /// <summary>An entry is taken into a payment.</summary>
    Send = 4,

    /// <summary>The payment gives the entry back unpaid.</summary>
    GiveBack = 5,

    Pay = 6,

    /// <summary>The bank returns what it had paid.</summary>
    Bounce = 7,
}

/// <summary>
/// A monthly list by its entries. Its state is no field of its own but what the entries come to, so that it cannot say "paid"
/// while one of them is not. Pure: the same decision holds in the program, in its tests and in a model.
/// </summary>
/// <param name="IsApproved">By the second person; once and for all.</param>
/// <param name="Open">Entries that are drafted, or owed and in no payment.</param>
/// <param name="Cancelled">Entries cancelled one by one or with the list.</param>
public sealed record AllowanceList(bool IsApproved, int Open, int InPayment, int Paid, int Cancelled)
{
    public static AllowanceList Draft(int entries) => new(IsApproved: false, entries, InPayment: 0, Paid: 0, Cancelled: 0);

    public AllowanceListState State => this switch
    {
        { Open: 0, InPayment: 0, Paid: 0 } => AllowanceListState.Cancelled,
        { IsApproved: false } => AllowanceListState.Drafted,
        { Open: 0, InPayment: 0 } => AllowanceListState.Paid,
        { Paid: > 0 } => AllowanceListState.PartlyPaid,
        _ => AllowanceListState.Approved,
    };

    /// <summary>The list after the step, or why it cannot be done.</summary>
    public Outcome<AllowanceList> Decide(AllowanceStep step, Policy policy) => (step, State) switch
    {
        (AllowanceStep.Approve, AllowanceListState.Drafted) => this with { IsApproved = true },
        (AllowanceStep.Cancel, AllowanceListState.Drafted or AllowanceListState.Approved) when InPayment == 0 => this with { Open = 0, Cancelled = Cancelled + Open },
        (AllowanceStep.Cancel, AllowanceListState.Approved or AllowanceListState.PartlyPaid or AllowanceListState.Paid) => AlreadySent(policy),
        (AllowanceStep.CancelOne, AllowanceListState.Approved or AllowanceListState.PartlyPaid) when Open > 0 => this with { Open = Open - 1, Cancelled = Cancelled + 1 },
        (AllowanceStep.CancelOne, AllowanceListState.Approved or AllowanceListState.PartlyPaid or AllowanceListState.Paid) => AlreadySent(policy),
        (AllowanceStep.Send, AllowanceListState.Approved or AllowanceListState.PartlyPaid) when Open > 0 => this with { Open = Open - 1, InPayment = InPayment + 1 },
        (AllowanceStep.GiveBack, _) when InPayment > 0 => this with { InPayment = InPayment - 1, Open = Open + 1 },
        (AllowanceStep.Pay, _) when InPayment > 0 => this with { InPayment = InPayment - 1, Paid = Paid + 1 },
        (AllowanceStep.Bounce, _) when Paid > 0 => this with { Paid = Paid - 1, Open = Open + 1 },
        _ => Refusal.Under(policy, RefusalCode.AllowanceWrongStep, State.Name()),
    };

    private Refusal AlreadySent(Policy policy) => Refusal.Under(policy, RefusalCode.AllowanceAlreadySent, InPayment + Paid);
}

public static class AllowanceListStates
{
    public static Words Name(this AllowanceListState state) => state switch
    {
        AllowanceListState.Drafted => new("已拟，待审批", "Drafted"),
        AllowanceListState.Approved => new("已审批", "Approved"),
        AllowanceListState.PartlyPaid => new("部分支付", "Partly paid"),
        AllowanceListState.Paid => new("已支付", "Paid"),
        AllowanceListState.Cancelled => new("已作废", "Cancelled"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown state."),
    };
}
