using Voucher.Core.Money;

namespace Voucher.Core.Settling;

/// <summary>What is owed by a row, and how much of it is paid.</summary>
/// <param name="PartPaid">0 up to the amount.</param>
public sealed record OwedShare(long Payable, Fen Amount, Fen PartPaid)
{
    public Fen Open => Amount - PartPaid;
}

/// <summary>What of a sum goes to which payable. Always sums to what was paid.</summary>
public static class PaidShares
{
    /// <summary>Fills the payables one after the other, smallest number first, so that a part pays whole ones and at most one in part.</summary>
    /// <param name="paid">0 up to what is open of all.</param>
    public static IReadOnlyList<(OwedShare Share, Fen Paid)> Of(IEnumerable<OwedShare> owed, Fen paid)
    {
        List<(OwedShare, Fen)> shares = [];
        var left = paid;
        foreach (var share in owed.OrderBy(share => share.Payable))
        {
            var now = share.Open < left ? share.Open : left;
            if (now > Fen.Zero) shares.Add((share, now));
            left -= now;
        }
        ArgumentOutOfRangeException.ThrowIfNotEqual(left, Fen.Zero, nameof(paid));
        return shares;
    }
}
