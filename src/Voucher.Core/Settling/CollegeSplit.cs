using Voucher.Core.Money;

namespace Voucher.Core.Settling;

/// <summary>
/// What a college may use of its training income for running costs (text 004, 三（七）二: 开展培训所得收入的50%可用于学校公用经费), and the
/// rest, which pays for the teaching and first of all those who teach. Always sums to the income.
/// </summary>
/// <param name="Income">Paid in the period, less what was taken back in it; below 0 where more was taken back than paid.</param>
public sealed record CollegeSplit(Fen Income, Fen RunningCosts, Fen Rest)
{
    /// <param name="parts">Money paid (above 0) and taken back (below 0), each with the share of the pack of its day, in percent 0–100.</param>
    public static CollegeSplit Of(IEnumerable<(Fen Amount, int Percent)> parts)
    {
        var (income, costs) = (Fen.Zero, Fen.Zero);
        foreach (var share in parts.GroupBy(part => part.Percent))
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(share.Key, 0, nameof(parts));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(share.Key, 100, nameof(parts));
            var sum = share.Aggregate(Fen.Zero, (total, part) => total + part.Amount);
            income += sum;
            // Rounded down once for each share: "may use" is an upper limit.
            costs += new Fen((long)decimal.Floor(sum.Value * (decimal)share.Key / 100));
        }
        return new CollegeSplit(income, costs, income - costs);
    }
}
