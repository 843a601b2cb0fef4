using Voucher.Core.Money;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Settling;

/// <summary>What a recovery may still be given out of one budget line.</summary>
public sealed record OpenRecovery(RecoveryId Recovery, BudgetLineId Line, Fen Free);

/// <summary>How much of a payment, or of what was paid in, goes to a recovery's budget line.</summary>
public sealed record NettedPart(RecoveryId Recovery, BudgetLineId Line, Fen Amount);

/// <summary>Keeping from a payment (抵扣) what its payee owes out of the same source; also how a sum paid in is spread over budget lines.</summary>
public static class Netting
{
    /// <summary>
    /// The oldest debt first, each as far as the money goes. Never more than the payment, never more than is free of a debt; what is
    /// left of the payment is the payee's.
    /// </summary>
    /// <param name="open">Of one payee and one fund source, oldest first.</param>
    /// <param name="gross">Of the payment; 0 or more.</param>
    public static IReadOnlyList<NettedPart> Plan(IEnumerable<OpenRecovery> open, Fen gross)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(gross.Value, nameof(gross));
        List<NettedPart> parts = [];
        foreach (var debt in open.Where(debt => debt.Free > Fen.Zero))
        {
            if (gross == Fen.Zero) break;
            var amount = debt.Free < gross ? debt.Free : gross;
            parts.Add(new NettedPart(debt.Recovery, debt.Line, amount));
            gross -= amount;
        }
        return parts;
    }

    /// <summary>
    /// Whose money it is that comes back: the vouchers of a recovery are made good one after the other, to the fen, so that pay-ins and
    /// nettings together give each of them exactly what was taken back of it.
    /// </summary>
    /// <param name="owed">Of one recovery and one budget line, always in the same order.</param>
    /// <param name="before">What came back before; 0 or more.</param>
    /// <param name="amount">What comes back now; 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">More comes back than is owed: a bug.</exception>
    public static IReadOnlyList<(VoucherId? Voucher, Fen Amount)> Spread(IReadOnlyCollection<(VoucherId? Voucher, Fen Amount)> owed, Fen before, Fen amount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(before.Value, nameof(before));
        ArgumentOutOfRangeException.ThrowIfNegative(amount.Value, nameof(amount));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(before + amount, owed.Aggregate(Fen.Zero, (sum, one) => sum + one.Amount), nameof(amount));
        List<(VoucherId?, Fen)> shares = [];
        foreach (var (voucher, of) in owed)
        {
            var settled = before < of ? before : of;
            var now = amount < of - settled ? amount : of - settled;
            if (now > Fen.Zero) shares.Add((voucher, now));
            before -= settled;
            amount -= now;
        }
        return shares;
    }
}
