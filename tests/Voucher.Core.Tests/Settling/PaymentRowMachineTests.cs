using Voucher.Core.Money;
using Voucher.Core.Settling;

namespace Voucher.Core.Tests.Settling;

public sealed class PaymentRowMachineTests
{
    private static readonly Fen Whole = new(1_000);
    private static readonly Fen Part = new(400);

    private static PaymentRowLife Row(PaymentRowState state) => state switch
    {
        PaymentRowState.Paid => new(state, Whole, Whole, 2),
        PaymentRowState.Partly => new(state, Whole, Part, 2),
        _ => new(state, Whole, Fen.Zero, 2),
    };

    /// <summary>Every state and command that leads somewhere; all others are refused.</summary>
    public static readonly Dictionary<(PaymentRowState, PaymentRowCommand), PaymentRowState> Ways = new()
    {
        [(PaymentRowState.Waiting, PaymentRowCommand.Send)] = PaymentRowState.Sent,
        [(PaymentRowState.Waiting, PaymentRowCommand.Withdraw)] = PaymentRowState.Failed,
        [(PaymentRowState.Sent, PaymentRowCommand.AnswerPaid)] = PaymentRowState.Paid,
        [(PaymentRowState.Sent, PaymentRowCommand.AnswerFailed)] = PaymentRowState.Failed,
        [(PaymentRowState.Sent, PaymentRowCommand.AnswerPartly)] = PaymentRowState.Partly,
        [(PaymentRowState.Failed, PaymentRowCommand.Resend)] = PaymentRowState.Waiting,
        [(PaymentRowState.Partly, PaymentRowCommand.Resend)] = PaymentRowState.Waiting,
        [(PaymentRowState.Failed, PaymentRowCommand.TakeOut)] = PaymentRowState.TakenOut,
        [(PaymentRowState.Paid, PaymentRowCommand.Bounce)] = PaymentRowState.Failed,
    };

    public static TheoryData<PaymentRowState, PaymentRowCommand> All => [.. Enum.GetValues<PaymentRowState>()
        .SelectMany(state => Enum.GetValues<PaymentRowCommand>().Select(command => (state, command)))];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_state_takes_every_command_or_says_no(PaymentRowState state, PaymentRowCommand command)
    {
        var next = PaymentRowMachine.Decide(Row(state), command, Part);
        Assert.Equal(Ways.TryGetValue((state, command), out var expected) ? expected : null, next?.State);
    }

    [Fact]
    public void A_row_that_is_paid_or_unanswered_is_never_sent_again()
    {
        Assert.All(
            new[] { PaymentRowState.Waiting, PaymentRowState.Sent, PaymentRowState.Paid, PaymentRowState.TakenOut },
            state => Assert.Null(PaymentRowMachine.Decide(Row(state), PaymentRowCommand.Resend)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_000)]
    [InlineData(1_001)]
    public void A_part_is_more_than_nothing_and_less_than_was_sent(long fen) =>
        Assert.Null(PaymentRowMachine.Decide(Row(PaymentRowState.Sent), PaymentRowCommand.AnswerPartly, new Fen(fen)));

    [Fact]
    public void After_a_part_only_the_rest_is_sent_and_never_more_than_the_whole_is_paid()
    {
        var partly = PaymentRowMachine.Decide(Row(PaymentRowState.Sent), PaymentRowCommand.AnswerPartly, Part)!;
        var again = PaymentRowMachine.Decide(PaymentRowMachine.Decide(partly, PaymentRowCommand.Resend)!, PaymentRowCommand.Send)!;
        Assert.Equal((new Fen(600), 3), (again.Outstanding, again.Attempt));
        Assert.Null(PaymentRowMachine.Decide(again, PaymentRowCommand.AnswerPartly, new Fen(600)));
        Assert.Equal(Whole, PaymentRowMachine.Decide(again, PaymentRowCommand.AnswerPaid)!.Paid);
        Assert.Equal(PaymentRowState.Partly, PaymentRowMachine.Decide(again, PaymentRowCommand.AnswerFailed)!.State);
    }

    [Fact]
    public void A_row_of_which_all_is_kept_is_settled_as_it_goes_out()
    {
        var row = new PaymentRowLife(PaymentRowState.Waiting, Fen.Zero, Fen.Zero, 1);
        var settled = PaymentRowMachine.Decide(row, PaymentRowCommand.Send)!;
        Assert.Equal(PaymentRowState.Paid, settled.State);
        Assert.Null(PaymentRowMachine.Decide(settled, PaymentRowCommand.Bounce)); // The bank has nothing to return.
    }

    [Fact]
    public void A_round_that_is_withdrawn_leaves_the_row_as_it_was_before_it()
    {
        foreach (var before in new[] { Row(PaymentRowState.Failed), Row(PaymentRowState.Partly) })
            Assert.Equal(before, PaymentRowMachine.Decide(PaymentRowMachine.Decide(before, PaymentRowCommand.Resend)!, PaymentRowCommand.Withdraw));
    }

    [Fact]
    public void The_first_round_is_not_withdrawn_it_is_cancelled() =>
        Assert.Null(PaymentRowMachine.Decide(new(PaymentRowState.Waiting, Whole, Fen.Zero, 1), PaymentRowCommand.Withdraw));

    [Theory]
    [InlineData(new[] { PaymentRowState.Sent, PaymentRowState.Failed }, PaymentStatus.WithBank)]
    [InlineData(new[] { PaymentRowState.Paid, PaymentRowState.Failed }, PaymentStatus.PartlyPaid)]
    [InlineData(new[] { PaymentRowState.Partly }, PaymentStatus.PartlyPaid)]
    [InlineData(new[] { PaymentRowState.Paid, PaymentRowState.Waiting }, PaymentStatus.PartlyPaid)]
    [InlineData(new[] { PaymentRowState.Paid, PaymentRowState.TakenOut }, PaymentStatus.Paid)]
    [InlineData(new[] { PaymentRowState.TakenOut }, PaymentStatus.Cancelled)]
    public void A_payment_is_what_its_rows_come_to(PaymentRowState[] rows, PaymentStatus status) => Assert.Equal(status, PaymentMachine.StatusOf(rows));

    [Theory]
    [InlineData(PaymentCommand.Release, true, "Made WithBank PartlyPaid")]
    [InlineData(PaymentCommand.Release, false, "")]
    [InlineData(PaymentCommand.Cancel, true, "Made")]
    [InlineData(PaymentCommand.Answer, false, "Paid WithBank PartlyPaid")]
    [InlineData(PaymentCommand.Resend, false, "WithBank PartlyPaid")]
    [InlineData(PaymentCommand.Resend, true, "")]
    [InlineData(PaymentCommand.Withdraw, true, "WithBank PartlyPaid")]
    [InlineData(PaymentCommand.Withdraw, false, "")]
    [InlineData(PaymentCommand.TakeOut, false, "WithBank PartlyPaid")]
    public void Each_step_is_open_in_its_states_only(PaymentCommand command, bool hasWaiting, string states) => Assert.Equal(
        states, string.Join(' ', Enum.GetValues<PaymentStatus>().Where(status => PaymentMachine.Allows(status, command, hasWaiting))));

    [Fact]
    public void A_part_fills_the_oldest_first_and_sums_to_what_was_paid()
    {
        OwedShare[] owed = [new(3, new Fen(500), Fen.Zero), new(1, new Fen(300), new Fen(100)), new(2, new Fen(400), Fen.Zero)];
        var shares = PaidShares.Of(owed, new Fen(450));
        Assert.Equal([(1L, new Fen(200)), (2L, new Fen(250))], shares.Select(share => (share.Share.Payable, share.Paid)));
        Assert.Throws<ArgumentOutOfRangeException>(() => PaidShares.Of(owed, new Fen(1_101)));
    }
}
