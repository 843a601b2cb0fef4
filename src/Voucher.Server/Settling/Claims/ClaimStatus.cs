namespace Voucher.Server.Settling.Claims;

/// <summary>How far a claim is. Numbers are stored: they never change meaning.</summary>
public enum ClaimStatus
{
    /// <summary>已申报: lines are being reviewed.</summary>
    Submitted = 1,

    /// <summary>已审批: what passed is payable.</summary>
    Approved = 2,

    /// <summary>Approved without a single passed line: nothing to pay.</summary>
    Closed = 3,

    /// <summary>已支付.</summary>
    Paid = 4,

    /// <summary>部分审批: what was decided is approved; held and returned lines stay open for a later approval.</summary>
    PartlyApproved = 5,
}

public static class ClaimSteps
{
    /// <summary>Whether lines of it may still be reviewed and approved.</summary>
    public static bool IsOpen(this ClaimStatus status) => status is ClaimStatus.Submitted or ClaimStatus.PartlyApproved;
}

public static class ClaimWords
{
    public static Words Name(this ClaimStatus status) => status switch
    {
        ClaimStatus.Submitted => new("已申报", "Submitted"),
        ClaimStatus.Approved => new("已审批", "Approved"),
        ClaimStatus.Closed => new("未通过", "Closed, nothing passed"),
        ClaimStatus.Paid => new("已支付", "Paid"),
        ClaimStatus.PartlyApproved => new("部分审批", "Partly approved"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown claim status."),
    };
}
