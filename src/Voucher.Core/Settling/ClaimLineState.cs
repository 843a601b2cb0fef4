namespace Voucher.Core.Settling;

/// <summary>Where one voucher of a claim stands. Numbers are stored: they never change meaning.</summary>
public enum ClaimLineState
{
    Drafted = 1,

    /// <summary>Waits for a verdict, or with its verdict for approval.</summary>
    Submitted = 2,
    Approved = 3,

    /// <summary>Not paid by this claim; the voucher may be claimed again.</summary>
    Rejected = 4,
    Paid = 5,
    PaymentFailed = 6,
    ClawedBack = 7,

    /// <summary>退回补正: the institution completes what is asked for and hands it in again; the deadline stands still.</summary>
    Returned = 8,

    /// <summary>暂缓: looked into further; the other lines go on without it.</summary>
    Held = 9,
}

/// <summary>What the reviewer says of a line. Numbers are stored: they never change meaning.</summary>
public enum LineVerdict
{
    Pass = 1,
    Reject = 2,
}

public static class ClaimLineWords
{
    public static Words Name(this ClaimLineState state) => state switch
    {
        ClaimLineState.Drafted => new("草稿", "Drafted"),
        ClaimLineState.Submitted => new("已申报", "Submitted"),
        ClaimLineState.Approved => new("已审批", "Approved"),
        ClaimLineState.Rejected => new("未通过", "Rejected"),
        ClaimLineState.Paid => new("已支付", "Paid"),
        ClaimLineState.PaymentFailed => new("支付失败", "Payment failed"),
        ClaimLineState.ClawedBack => new("已追回", "Clawed back"),
        ClaimLineState.Returned => new("退回补正", "Returned"),
        ClaimLineState.Held => new("暂缓", "Held"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown state of a claim line."),
    };

    public static Words Name(this LineVerdict verdict) => verdict switch
    {
        LineVerdict.Pass => new("通过", "Pass"),
        LineVerdict.Reject => new("不通过", "Reject"),
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "Unknown verdict."),
    };
}
