using Voucher.Core.Money;

namespace Voucher.Core.Settling;

/// <summary>How far one transfer of a payment is. Numbers are stored: they never change meaning.</summary>
public enum PaymentRowState
{
    /// <summary>待送行: in the payment, not yet (or not yet again) with the bank.</summary>
    Waiting = 1,

    /// <summary>待回盘: with the bank, which has not answered.</summary>
    Sent = 2,

    /// <summary>已到账.</summary>
    Paid = 3,

    /// <summary>支付失败.</summary>
    Failed = 4,

    /// <summary>部分到账.</summary>
    Partly = 5,

    /// <summary>已移出: failed, and its payables are open again.</summary>
    TakenOut = 6,
}

/// <summary>What is done with a row.</summary>
public enum PaymentRowCommand
{
    /// <summary>Handed to the bank.</summary>
    Send,

    /// <summary>The bank paid all that it was told.</summary>
    AnswerPaid,

    /// <summary>The bank paid nothing.</summary>
    AnswerFailed,

    /// <summary>The bank paid a part.</summary>
    AnswerPartly,

    /// <summary>What failed is to be sent again, under the same row.</summary>
    Resend,

    /// <summary>A resend that has not gone out is taken back.</summary>
    Withdraw,

    /// <summary>What failed is taken out of the payment.</summary>
    TakeOut,

    /// <summary>退汇: the bank returns what it had paid.</summary>
    Bounce,
}

/// <summary>One transfer of a payment, as its decisions see it.</summary>
/// <param name="Amount">What the payee is to get by the bank; 0 where everything is kept for money taken back.</param>
/// <param name="Paid">What the bank has paid of it, over all attempts.</param>
/// <param name="Attempt">From 1; grows each time that the bank is told again.</param>
public sealed record PaymentRowLife(PaymentRowState State, Fen Amount, Fen Paid, int Attempt)
{
    /// <summary>What the bank is told in this attempt, or would be in the next.</summary>
    public Fen Outstanding => Amount - Paid;
}

/// <summary>
/// The life of one transfer. Total: every state and command gives the next state, or <c>null</c> for no. A row that is paid or
/// unanswered is never sent again, so that nothing is paid twice.
/// </summary>
public static class PaymentRowMachine
{
    /// <param name="amount">With <see cref="PaymentRowCommand.AnswerPartly"/>: what was paid now, above 0 and below what was sent. Else not looked at.</param>
    public static PaymentRowLife? Decide(PaymentRowLife row, PaymentRowCommand command, Fen amount = default) => (row.State, command) switch
    {
        // Where nothing is left for the bank, the row is settled as it goes out.
        (PaymentRowState.Waiting, PaymentRowCommand.Send) => row with { State = row.Outstanding == Fen.Zero ? PaymentRowState.Paid : PaymentRowState.Sent },
        (PaymentRowState.Waiting, PaymentRowCommand.Withdraw) when row.Attempt > 1 => row with { State = Unpaid(row), Attempt = row.Attempt - 1 },
        (PaymentRowState.Sent, PaymentRowCommand.AnswerPaid) => row with { State = PaymentRowState.Paid, Paid = row.Amount },
        (PaymentRowState.Sent, PaymentRowCommand.AnswerFailed) => row with { State = Unpaid(row) },
        (PaymentRowState.Sent, PaymentRowCommand.AnswerPartly) when amount > Fen.Zero && amount < row.Outstanding =>
            row with { State = PaymentRowState.Partly, Paid = row.Paid + amount },
        (PaymentRowState.Failed or PaymentRowState.Partly, PaymentRowCommand.Resend) => row with { State = PaymentRowState.Waiting, Attempt = row.Attempt + 1 },
        (PaymentRowState.Failed, PaymentRowCommand.TakeOut) => row with { State = PaymentRowState.TakenOut },
        (PaymentRowState.Paid, PaymentRowCommand.Bounce) when row.Paid > Fen.Zero => row with { State = PaymentRowState.Failed, Paid = Fen.Zero },
        _ => null,
    };

    private static PaymentRowState Unpaid(PaymentRowLife row) => row.Paid == Fen.Zero ? PaymentRowState.Failed : PaymentRowState.Partly;
}
