using Voucher.Core.Money;

namespace Voucher.Core.Settling;

/// <summary>
/// Out of what an amount that is taken back comes: first what is still kept back, then what is owed and not paid, last what was paid.
/// So nobody pays in what the county still holds.
/// </summary>
public sealed record RecoveryShares(Fen Retained, Fen Owed, Fen Paid)
{
    public Fen Total => Retained + Owed + Paid;

    /// <summary>How the amount divides; <c>null</c> when the settlement holds less than that.</summary>
    /// <param name="amount">Above 0.</param>
    /// <param name="held">What there is of each, 0 or more.</param>
    public static RecoveryShares? Of(Fen amount, RecoveryShares held)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amount.Value, 1L, nameof(amount));
        if (amount > held.Total) return null;
        var retained = Least(amount, held.Retained);
        var owed = Least(amount - retained, held.Owed);
        return new RecoveryShares(retained, owed, amount - retained - owed);
    }

    private static Fen Least(Fen a, Fen b) => a < b ? a : b;
}
