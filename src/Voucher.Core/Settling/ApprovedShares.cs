using Voucher.Core.Money;

namespace Voucher.Core.Settling;

/// <summary>
/// Who gets what of an approved claim line: the trainee the allowance that the pack takes out of the institution's subsidy, the
/// county keeps back its share of the rest for a while, the institution gets the remainder. Always sums to the line's amount.
/// </summary>
/// <param name="Institution">Payable to the institution now.</param>
/// <param name="Retained">Kept back, for the institution.</param>
/// <param name="Trainee">Payable to the trainee now.</param>
public sealed record ApprovedShares(Fen Institution, Fen Retained, Fen Trainee)
{
    /// <param name="amount">Of the line; above 0.</param>
    /// <param name="retentionPercent">0–50, of what the allowance leaves; rounded down to whole 分, in the institution's favour.</param>
    /// <param name="allowance">Out of the subsidy; what exceeds the amount is not paid.</param>
    public static ApprovedShares Of(Fen amount, int retentionPercent, Fen allowance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amount.Value, 1L, nameof(amount));
        ArgumentOutOfRangeException.ThrowIfLessThan(allowance.Value, 0L, nameof(allowance));
        ArgumentOutOfRangeException.ThrowIfNegative(retentionPercent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(retentionPercent, 50);
        var trainee = allowance < amount ? allowance : amount;
        var rest = amount - trainee;
        var retained = new Fen(checked(rest.Value * retentionPercent) / 100);
        return new ApprovedShares(rest - retained, retained, trainee);
    }
}
