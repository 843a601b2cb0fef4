namespace Voucher.Server.Fraud;

/// <summary>What the county decides on a hold. Numbers are stored: they never change meaning.</summary>
public enum HoldVerdict : short
{
    /// <summary>放行: nothing against the holder; the next scan passes.</summary>
    Release = 1,

    /// <summary>确认: the suspicion is right; the voucher stays held.</summary>
    Confirm = 2,
}

public static class HoldVerdicts
{
    public static Words Name(this HoldVerdict verdict) => verdict switch
    {
        HoldVerdict.Release => new("放行", "Released"),
        HoldVerdict.Confirm => new("确认有问题", "Confirmed"),
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "Unknown verdict on a hold."),
    };

    /// <summary>As the API writes it: <c>release</c> or <c>confirm</c>.</summary>
    public static HoldVerdict? Read(string? verdict) => verdict switch
    {
        "release" => HoldVerdict.Release,
        "confirm" => HoldVerdict.Confirm,
        _ => null,
    };
}
