namespace Voucher.Core.Settling;

/// <summary>How far a payment is. Numbers are stored: they never change meaning.</summary>
public enum PaymentStatus
{
    /// <summary>已制单: made, not yet with the bank; may be cancelled.</summary>
    Made = 1,

    /// <summary>已支付: every row is paid or taken out.</summary>
    Paid = 2,

    /// <summary>支付中: with the bank, nothing answered yet, or the rest of the answers is still to come.</summary>
    WithBank = 3,

    /// <summary>部分支付: all rows are answered, and some failed or were paid in part.</summary>
    PartlyPaid = 4,

    /// <summary>已取消.</summary>
    Cancelled = 5,
}

/// <summary>What is done with a payment as a whole.</summary>
public enum PaymentCommand
{
    /// <summary>A second person hands the round to the bank: only then is there a file that could get there.</summary>
    Release,

    /// <summary>Never sent, and given up by two persons: its payables are open again.</summary>
    Cancel,

    /// <summary>
    /// The bank answered for rows of it, by file, by receipt, or by returning money; or two persons say on record that it never paid them.
    /// </summary>
    Answer,

    /// <summary>Failed rows are made ready to be sent again.</summary>
    Resend,

    /// <summary>A round that has not gone out is taken back.</summary>
    Withdraw,

    /// <summary>A failed row is taken out.</summary>
    TakeOut,
}

/// <summary>What a payment is, as the states of its rows say; and which steps are open. Total.</summary>
public static class PaymentMachine
{
    /// <summary>The payment's status that its rows come to once it has been with the bank.</summary>
    public static PaymentStatus StatusOf(IReadOnlyCollection<PaymentRowState> rows) =>
        rows.Any(row => row == PaymentRowState.Sent) ? PaymentStatus.WithBank
        : rows.Any(row => row is PaymentRowState.Waiting or PaymentRowState.Failed or PaymentRowState.Partly) ? PaymentStatus.PartlyPaid
        : rows.All(row => row == PaymentRowState.TakenOut) ? PaymentStatus.Cancelled
        : PaymentStatus.Paid;

    /// <param name="hasWaiting">Rows wait to be sent.</param>
    public static bool Allows(PaymentStatus status, PaymentCommand command, bool hasWaiting) => command switch
    {
        PaymentCommand.Release => hasWaiting && status is not (PaymentStatus.Paid or PaymentStatus.Cancelled),
        PaymentCommand.Cancel => status == PaymentStatus.Made,
        PaymentCommand.Answer => status is PaymentStatus.WithBank or PaymentStatus.PartlyPaid or PaymentStatus.Paid,
        PaymentCommand.Resend => !hasWaiting && status is (PaymentStatus.WithBank or PaymentStatus.PartlyPaid),
        PaymentCommand.Withdraw => hasWaiting && status is (PaymentStatus.WithBank or PaymentStatus.PartlyPaid),
        PaymentCommand.TakeOut => status is PaymentStatus.WithBank or PaymentStatus.PartlyPaid,
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Unknown step of a payment."),
    };
}
