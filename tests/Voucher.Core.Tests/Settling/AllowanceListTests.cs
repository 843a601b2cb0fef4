using Voucher.Core.Refusals;
using Voucher.Core.Settling;
using Voucher.Core.Tests.Vouchers;

namespace Voucher.Core.Tests.Settling;

/// <summary>A monthly list: every state and every step.</summary>
public sealed class AllowanceListTests
{
    private static readonly AllowanceList Drafted = AllowanceList.Draft(3);
    private static readonly AllowanceList Approved = Drafted with { IsApproved = true };
    private static readonly AllowanceList Sent = Approved with { Open = 0, InPayment = 3 };
    private static readonly AllowanceList PartlyPaid = Approved with { Open = 1, Paid = 2 };
    private static readonly AllowanceList Paid = Approved with { Open = 0, Paid = 3 };
    private static readonly AllowanceList Dropped = Drafted with { Open = 0, Cancelled = 3 };

    public static TheoryData<AllowanceList, AllowanceStep, AllowanceListState?, RefusalCode?> Table()
    {
        const AllowanceStep approve = AllowanceStep.Approve, cancel = AllowanceStep.Cancel, one = AllowanceStep.CancelOne,
            send = AllowanceStep.Send, back = AllowanceStep.GiveBack, pay = AllowanceStep.Pay, bounce = AllowanceStep.Bounce;
        const RefusalCode wrong = RefusalCode.AllowanceWrongStep, gone = RefusalCode.AllowanceAlreadySent;
        return new()
        {
            { Drafted, approve, AllowanceListState.Approved, null }, { Drafted, cancel, AllowanceListState.Cancelled, null }, { Drafted, one, null, wrong },
            { Drafted, send, null, wrong }, { Drafted, back, null, wrong }, { Drafted, pay, null, wrong }, { Drafted, bounce, null, wrong },
            { Approved, approve, null, wrong }, { Approved, cancel, AllowanceListState.Cancelled, null }, { Approved, one, AllowanceListState.Approved, null },
            { Approved, send, AllowanceListState.Approved, null }, { Approved, back, null, wrong }, { Approved, pay, null, wrong }, { Approved, bounce, null, wrong },
            { Sent, approve, null, wrong }, { Sent, cancel, null, gone }, { Sent, one, null, gone },
            { Sent, send, null, wrong }, { Sent, back, AllowanceListState.Approved, null }, { Sent, pay, AllowanceListState.PartlyPaid, null }, { Sent, bounce, null, wrong },
            { PartlyPaid, approve, null, wrong }, { PartlyPaid, cancel, null, gone }, { PartlyPaid, one, AllowanceListState.Paid, null },
            { PartlyPaid, send, AllowanceListState.PartlyPaid, null }, { PartlyPaid, back, null, wrong }, { PartlyPaid, pay, null, wrong }, { PartlyPaid, bounce, AllowanceListState.PartlyPaid, null },
            { Paid, approve, null, wrong }, { Paid, cancel, null, gone }, { Paid, one, null, gone },
            { Paid, send, null, wrong }, { Paid, back, null, wrong }, { Paid, pay, null, wrong }, { Paid, bounce, AllowanceListState.PartlyPaid, null },
            { Dropped, approve, null, wrong }, { Dropped, cancel, null, wrong }, { Dropped, one, null, wrong },
            { Dropped, send, null, wrong }, { Dropped, back, null, wrong }, { Dropped, pay, null, wrong }, { Dropped, bounce, null, wrong },
        };
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Every_state_answers_every_step(AllowanceList list, AllowanceStep step, AllowanceListState? next, RefusalCode? refusal)
    {
        var outcome = list.Decide(step, Sample.Policy);
        Assert.Equal(next, (outcome as Outcome<AllowanceList>.Done)?.Value.State);
        Assert.Equal(refusal, (outcome as Outcome<AllowanceList>.Refused)?.Refusal.Code);
        if (outcome is Outcome<AllowanceList>.Done(var after)) Assert.Equal(EntriesOf(list), EntriesOf(after));
    }

    [Fact]
    public void The_table_has_every_state_with_every_step()
    {
        var pairs = Table().Select(row => (row.Data.Item1.State, row.Data.Item2)).ToHashSet();
        Assert.Equal(Enum.GetValues<AllowanceListState>().Length * Enum.GetValues<AllowanceStep>().Length, pairs.Count);
    }

    [Fact]
    public void A_list_whose_entries_are_all_cancelled_is_cancelled()
    {
        var list = Approved with { Open = 1, Cancelled = 2 };
        Assert.Equal(AllowanceListState.Cancelled, list.Decide(AllowanceStep.CancelOne, Sample.Policy).OrThrow().State);
    }

    [Fact]
    public void Nothing_of_a_list_of_which_one_entry_is_on_its_way_is_cancelled_as_a_whole() =>
        Assert.IsType<Outcome<AllowanceList>.Refused>((Approved with { Open = 2, InPayment = 1 }).Decide(AllowanceStep.Cancel, Sample.Policy));

    [Fact]
    public void A_new_list_is_drafted_with_all_its_entries_open_and_one_without_entries_is_none()
    {
        Assert.Equal(new AllowanceList(IsApproved: false, Open: 3, InPayment: 0, Paid: 0, Cancelled: 0), AllowanceList.Draft(3));
        Assert.Equal(AllowanceListState.Drafted, AllowanceList.Draft(3).State);
        Assert.Equal(AllowanceListState.Cancelled, AllowanceList.Draft(0).State);
    }

    [Theory]
    [InlineData(AllowanceStep.Cancel)]
    [InlineData(AllowanceStep.CancelOne)]
    public void Whoever_may_not_cancel_is_told_how_many_entries_are_in_a_payment_or_paid(AllowanceStep step)
    {
        var list = Approved with { Open = 0, InPayment = 1, Paid = 4 };
        var refusal = Assert.IsType<Outcome<AllowanceList>.Refused>(list.Decide(step, Sample.Policy)).Refusal;
        Assert.StartsWith("已有 5 笔", refusal.Reason.Zh, StringComparison.Ordinal);
    }

    private static int EntriesOf(AllowanceList list) => list.Open + list.InPayment + list.Paid + list.Cancelled;
}
