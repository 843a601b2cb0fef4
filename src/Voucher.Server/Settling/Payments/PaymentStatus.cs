namespace Voucher.Server.Settling.Payments;

/// <summary>How far a payment is. Numbers are stored: they never change meaning.</summary>
public enum PaymentStatus
{
    /// <summary>待支付: the file can be fetched for the bank.</summary>
    WithBank = 1,

    /// <summary>已支付.</summary>
    Paid = 2,
}

public static class PaymentWords
{
    public static Words Name(this PaymentStatus status) => status switch
    {
        PaymentStatus.WithBank => new("待支付", "With the bank"),
        PaymentStatus.Paid => new("已支付", "Paid"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown payment status."),
    };

    /// <summary>Said of an approved claim that is already in a payment.</summary>
    public static readonly Words InPayment = new("已列入支付批次", "already in a payment");
}
