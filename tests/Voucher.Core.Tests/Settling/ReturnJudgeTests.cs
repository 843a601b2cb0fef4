using Voucher.Core.Money;
using Voucher.Core.Settling;

namespace Voucher.Core.Tests.Settling;

public sealed class ReturnJudgeTests
{
    private static readonly Fen Whole = new(1_000);

    private static KnownRow Known(PaymentRowState state = PaymentRowState.Sent, int attempt = 1, long paid = 0, params BookedAnswer[] booked) =>
        new(new PaymentRowLife(state, Whole, new Fen(paid), attempt), IsCancelled: false, IsTakenBack: false, booked);

    private static ReturnedRow Row(PaymentAnswer? answer, long? fen = null, int? attempt = 1, string serial = "") =>
        new(answer, fen is { } amount ? new Fen(amount) : null, fen is not null, attempt, serial, IsOtherPayee: false, IsTwiceInFile: false);

    [Theory]
    [InlineData(PaymentAnswer.Paid, 1_000, ReturnFinding.Good)]
    [InlineData(PaymentAnswer.Paid, null, ReturnFinding.Good)]
    [InlineData(PaymentAnswer.Paid, 999, ReturnFinding.OtherAmount)]
    [InlineData(PaymentAnswer.Paid, 1_001, ReturnFinding.MoreThanSent)]
    [InlineData(PaymentAnswer.Failed, 1_000, ReturnFinding.Good)]
    [InlineData(PaymentAnswer.Failed, null, ReturnFinding.Good)]
    [InlineData(PaymentAnswer.Partly, 400, ReturnFinding.Good)]
    [InlineData(PaymentAnswer.Partly, null, ReturnFinding.OtherAmount)]
    [InlineData(PaymentAnswer.Partly, 0, ReturnFinding.OtherAmount)]
    [InlineData(PaymentAnswer.Partly, 1_000, ReturnFinding.OtherAmount)]
    [InlineData(PaymentAnswer.Bounced, 1_000, ReturnFinding.Contradicts)]
    public void An_answer_to_what_was_sent_is_good_only_to_the_fen(PaymentAnswer answer, int? fen, ReturnFinding finding) =>
        Assert.Equal(finding, ReturnJudge.Judge(Row(answer, fen), Known()));

    [Fact]
    public void Each_thing_that_is_wrong_has_its_name()
    {
        var paid = Row(PaymentAnswer.Paid, 1_000);
        Assert.Equal(ReturnFinding.UnknownRow, ReturnJudge.Judge(paid, null));
        Assert.Equal(ReturnFinding.UnknownStatus, ReturnJudge.Judge(Row(null), Known()));
        Assert.Equal(ReturnFinding.UnreadableAmount, ReturnJudge.Judge(paid with { Amount = null }, Known()));
        Assert.Equal(ReturnFinding.TwiceInFile, ReturnJudge.Judge(paid with { IsTwiceInFile = true }, Known()));
        Assert.Equal(ReturnFinding.Cancelled, ReturnJudge.Judge(paid, Known() with { IsCancelled = true }));
        Assert.Equal(ReturnFinding.Cancelled, ReturnJudge.Judge(paid, Known(PaymentRowState.TakenOut)));
        Assert.Equal(ReturnFinding.NotSent, ReturnJudge.Judge(paid, Known(PaymentRowState.Waiting)));
        Assert.Equal(ReturnFinding.OtherPayee, ReturnJudge.Judge(paid with { IsOtherPayee = true }, Known()));
        Assert.Equal(ReturnFinding.TakenBack, ReturnJudge.Judge(paid, Known() with { IsTakenBack = true }));
        Assert.Equal(ReturnFinding.OtherAttempt, ReturnJudge.Judge(paid, Known(attempt: 2)));
        Assert.Equal(ReturnFinding.AttemptNotNamed, ReturnJudge.Judge(paid with { Attempt = null }, Known(attempt: 2)));
        Assert.Equal(ReturnFinding.Contradicts, ReturnJudge.Judge(paid, Known(PaymentRowState.Failed)));
    }

    [Fact]
    public void The_same_answer_again_is_not_booked_again_whatever_file_it_comes_in()
    {
        var known = Known(PaymentRowState.Paid, paid: 1_000, booked: new BookedAnswer(1, PaymentAnswer.Paid, Whole, "S1"));
        Assert.Equal(ReturnFinding.AlreadyBooked, ReturnJudge.Judge(Row(PaymentAnswer.Paid, 1_000, serial: "S1"), known));
        Assert.Equal(ReturnFinding.AlreadyBooked, ReturnJudge.Judge(Row(PaymentAnswer.Paid, null, attempt: null), known));
        Assert.Equal(ReturnFinding.Contradicts, ReturnJudge.Judge(Row(PaymentAnswer.Paid, 1_000, serial: "S2"), known));
        Assert.Equal(ReturnFinding.Contradicts, ReturnJudge.Judge(Row(PaymentAnswer.Failed), known));
        Assert.Equal(ReturnFinding.Good, ReturnJudge.Judge(Row(PaymentAnswer.Bounced, 1_000), known));
    }

    [Fact]
    public void The_same_answer_with_another_amount_is_not_the_same() => Assert.Equal(
        ReturnFinding.Contradicts,
        ReturnJudge.Judge(Row(PaymentAnswer.Paid, 999), Known(PaymentRowState.Paid, paid: 1_000, booked: new BookedAnswer(1, PaymentAnswer.Paid, Whole, ""))));

    [Theory]
    [InlineData(1_000)]
    [InlineData(null)]
    public void A_failure_is_the_same_whether_the_bank_repeats_what_it_was_to_pay_or_not(int? fen) => Assert.Equal(
        ReturnFinding.AlreadyBooked,
        ReturnJudge.Judge(Row(PaymentAnswer.Failed, fen), Known(PaymentRowState.Failed, booked: new BookedAnswer(1, PaymentAnswer.Failed, Fen.Zero, "S1"))));

    [Theory]
    [InlineData(PaymentAnswer.Paid)]
    [InlineData(PaymentAnswer.Failed)]
    public void Where_a_bank_names_no_attempt_the_answer_is_to_the_first_as_long_as_there_was_no_other(PaymentAnswer answer) =>
        Assert.Equal(ReturnFinding.Good, ReturnJudge.Judge(Row(answer, attempt: null), Known()));

    [Fact]
    public void Without_an_attempt_another_serial_is_another_transfer_and_the_same_one_the_same()
    {
        var known = Known(PaymentRowState.Paid, paid: 1_000, booked: new BookedAnswer(1, PaymentAnswer.Paid, Whole, "S1"));
        Assert.Equal(ReturnFinding.AlreadyBooked, ReturnJudge.Judge(Row(PaymentAnswer.Paid, 1_000, attempt: null, serial: "S1"), known));
        Assert.Equal(ReturnFinding.Contradicts, ReturnJudge.Judge(Row(PaymentAnswer.Paid, 1_000, attempt: null, serial: "S2"), known));
    }

    [Fact]
    public void Two_answers_without_attempt_and_serial_are_not_taken_for_one_once_the_row_was_sent_again()
    {
        var known = Known(PaymentRowState.Sent, attempt: 2, booked: new BookedAnswer(1, PaymentAnswer.Failed, Fen.Zero, ""));
        Assert.Equal(ReturnFinding.AttemptNotNamed, ReturnJudge.Judge(Row(PaymentAnswer.Failed, attempt: null), known));
    }

    [Fact]
    public void An_old_failure_handed_in_again_is_not_the_answer_to_the_new_attempt()
    {
        var known = Known(PaymentRowState.Sent, attempt: 2, booked: new BookedAnswer(1, PaymentAnswer.Failed, Fen.Zero, "S1"));
        Assert.Equal(ReturnFinding.AlreadyBooked, ReturnJudge.Judge(Row(PaymentAnswer.Failed, attempt: 1), known));
        Assert.Equal(ReturnFinding.AlreadyBooked, ReturnJudge.Judge(Row(PaymentAnswer.Failed, attempt: null, serial: "S1"), known));
        Assert.Equal(ReturnFinding.AttemptNotNamed, ReturnJudge.Judge(Row(PaymentAnswer.Failed, attempt: null), known));
    }

    [Theory]
    [InlineData(PaymentAnswer.Paid, PaymentRowState.Sent, 0)]
    [InlineData(PaymentAnswer.Failed, PaymentRowState.Sent, 0)]
    [InlineData(PaymentAnswer.Bounced, PaymentRowState.Paid, 1_000)]
    public void Once_a_row_was_sent_again_an_answer_that_names_no_attempt_is_a_difference_whatever_its_serial(PaymentAnswer answer, PaymentRowState state, long paid)
    {
        var known = Known(state, attempt: 2, paid, new BookedAnswer(1, PaymentAnswer.Failed, Fen.Zero, "S1"));
        Assert.Equal(ReturnFinding.AttemptNotNamed, ReturnJudge.Judge(Row(answer, 1_000, attempt: null, serial: "S2"), known));
        Assert.Equal(ReturnFinding.Good, ReturnJudge.Judge(Row(answer, 1_000, attempt: 2, serial: "S2"), known));
    }

    [Theory]
    [InlineData("6228 4800-1234 5678", "6228480012345678", true)]
    [InlineData("4111111111111111", "4111111111111111", false)]
    [InlineData("１２３４５６７８", "12345678", false)]
    [InlineData("6228 4800 1234 5671", "6228480012345671", false)]
    [InlineData("62284800123456782", "62284800123456782", false)]
    [InlineData("62284800123456784", "62284800123456784", true)]
    [InlineData("622848001234567894", "622848001234567894", false)]
    [InlineData("622848001234567849", "622848001234567849", true)] // Two digits changed places.
    [InlineData("6222021607001982314", "6222021607001982314", false)]
    [InlineData("6222021607001982315", "6222021607001982315", true)]
    [InlineData("622848001234567", "622848001234567", false)] // Shorter and longer than any card.
    [InlineData("62220216070019823145", "62220216070019823145", false)]
    public void An_account_number_is_read_as_it_is_typed(string typed, string digits, bool isDoubtful)
    {
        Assert.True(PaymentAccountNumber.TryParse(typed, out var number));
        Assert.Equal((digits, isDoubtful), (number.Reveal(), number.IsDoubtfulCard));
        Assert.Equal($"****{digits[^4..]}", number.ToString());
    }

    [Theory]
    [InlineData("1234567")]
    [InlineData("12345678a")]
    [InlineData(null)]
    [InlineData("123456789012345678901234567890123")]
    public void What_is_no_account_number_is_refused(string? typed) => Assert.False(PaymentAccountNumber.TryParse(typed, out _));
}
