namespace Voucher.Server.Settling.Payments;

/// <summary>What is to be paid together: claims, or all that is open of a source.</summary>
/// <param name="Claims">Empty: all that is open of the source.</param>
/// <param name="Source">Needed where the claims' money is of several sources, and where no claims are named.</param>
/// <param name="ToPeople">To trainees instead of institutions.</param>
/// <param name="Format">Of the bank's file; the usual one when empty.</param>
/// <param name="Bank">Only payees whose account is at a bank whose name holds this; all when empty.</param>
public sealed record PaymentChoice(
    IReadOnlyList<ClaimId> Claims, FundSourceId? Source = null, bool ToPeople = false, string? Format = null, string? Bank = null)
{
    public const int LongestBank = 60;

    /// <summary>At which bank the payees must have their accounts: the one that was chosen, or else the format's; <c>null</c> where the two clash.</summary>
    public string? BankWith(BankFormat format) => (Bank?.Trim() ?? "") is not { Length: > 0 } bank ? format.OneBank
        : bank.Contains(format.OneBank, StringComparison.Ordinal) ? bank
        : null;
}
