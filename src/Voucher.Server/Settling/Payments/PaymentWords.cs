using Voucher.Core.Settling;

namespace Voucher.Server.Settling.Payments;

/// <summary>How the states of payments, of their rows and of the bank's answers are said.</summary>
public static class PaymentWords
{
    public static Words Name(this PaymentStatus status) => status switch
    {
        PaymentStatus.Made => new("已制单", "Made"),
        PaymentStatus.Paid => new("已支付", "Paid"),
        PaymentStatus.WithBank => new("支付中", "With the bank"),
        PaymentStatus.PartlyPaid => new("部分支付", "Partly paid"),
        PaymentStatus.Cancelled => new("已取消", "Cancelled"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown payment status."),
    };

    public static Words Name(this PaymentRowState state) => state switch
    {
        PaymentRowState.Waiting => new("待送行", "To be sent"),
        PaymentRowState.Sent => new("待回盘", "With the bank"),
        PaymentRowState.Paid => new("已到账", "Paid"),
        PaymentRowState.Failed => new("支付失败", "Failed"),
        PaymentRowState.Partly => new("部分到账", "Partly paid"),
        PaymentRowState.TakenOut => new("已移出", "Taken out"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown state of a payment's row."),
    };

    public static Words Name(this PaymentAnswer answer) => answer switch
    {
        PaymentAnswer.Paid => new("成功", "Paid"),
        PaymentAnswer.Failed => new("失败", "Failed"),
        PaymentAnswer.Partly => new("部分成功", "Partly"),
        PaymentAnswer.Bounced => new("退汇", "Came back"),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "Unknown answer."),
    };

    /// <summary>Said of an approved claim that is already in a payment.</summary>
    public static readonly Words InPayment = new("已列入支付批次", "already in a payment");

    public static readonly Words Making = new("付款制单", "made the payment");
}
