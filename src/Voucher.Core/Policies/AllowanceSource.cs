namespace Voucher.Core.Policies;

/// <summary>Who bears an allowance (text 002, 三（二）). Numbers are stored.</summary>
public enum AllowanceSource
{
    /// <summary>Local public money.</summary>
    PublicFunds = 1,

    /// <summary>从培训机构培训补贴中列支: out of the institution's training subsidy.</summary>
    InstitutionSubsidy = 2,
}

public static class AllowanceSources
{
    public static Words Name(this AllowanceSource source) => source switch
    {
        AllowanceSource.PublicFunds => new("地方财政或就业补助资金", "Public funds"),
        AllowanceSource.InstitutionSubsidy => new("从培训机构培训补贴中列支", "Out of the institution's subsidy"),
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "Unknown source."),
    };
}
