namespace Voucher.Core.Policies;

/// <summary>Who bears an allowance (text 002, 三（二）). Numbers are stored.</summary>
public enum AllowanceSource
{
    /// <summary>Local public money.</summary>
    PublicFunds = 1,

    /// <summary>从培训机构培训补贴中列支: out of the institution's training subsidy.</summary>
    InstitutionSubsidy = 2,
}
