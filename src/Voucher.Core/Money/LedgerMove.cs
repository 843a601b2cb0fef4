using Voucher.Core.Vouchers;

namespace Voucher.Core.Money;

/// <summary>One move of money between two accounts of a budget line.</summary>
/// <param name="Amount">0 or more.</param>
/// <param name="Voucher">The voucher for which it moves; <c>null</c> where it moves for none, or for all of a batch.</param>
public sealed record LedgerMove(
    BudgetLineId Line, LedgerAccountKind From, LedgerAccountKind To, Fen Amount, VoucherId? Voucher = null);

/// <summary>What one account gains (or, below zero, loses) by a transaction.</summary>
public sealed record LedgerChange(BudgetLineId Line, LedgerAccountKind Account, Fen Amount);

/// <summary>The arithmetic of double entry, and between which accounts each kind of transaction may move money.</summary>
public static class LedgerMoves
{
    private static readonly Dictionary<LedgerTransactionKind, (LedgerAccountKind From, LedgerAccountKind To)[]> Ways = new()
    {
        [LedgerTransactionKind.Allocate] = [(LedgerAccountKind.Allocated, LedgerAccountKind.Unreserved)],
        [LedgerTransactionKind.Reserve] = [(LedgerAccountKind.Unreserved, LedgerAccountKind.Reserved)],
        [LedgerTransactionKind.Release] = [(LedgerAccountKind.Reserved, LedgerAccountKind.Unreserved)],
        [LedgerTransactionKind.Approve] =
        [
            (LedgerAccountKind.Reserved, LedgerAccountKind.Payable), (LedgerAccountKind.Reserved, LedgerAccountKind.Retained),
            (LedgerAccountKind.Reserved, LedgerAccountKind.Unreserved),
        ],
        [LedgerTransactionKind.Pay] = [(LedgerAccountKind.Payable, LedgerAccountKind.Paid)],
        [LedgerTransactionKind.Reverse] =
        [
            (LedgerAccountKind.Paid, LedgerAccountKind.Receivable), (LedgerAccountKind.Payable, LedgerAccountKind.Unreserved),
            (LedgerAccountKind.Retained, LedgerAccountKind.Unreserved),
        ],
        [LedgerTransactionKind.Transfer] =
            [(LedgerAccountKind.Unreserved, LedgerAccountKind.Allocated), (LedgerAccountKind.Allocated, LedgerAccountKind.Unreserved)],
        [LedgerTransactionKind.Lower] = [(LedgerAccountKind.Unreserved, LedgerAccountKind.Allocated)],
        [LedgerTransactionKind.Allowance] = [(LedgerAccountKind.Unreserved, LedgerAccountKind.Payable)],
        [LedgerTransactionKind.ReleaseRetained] = [(LedgerAccountKind.Retained, LedgerAccountKind.Payable)],
        [LedgerTransactionKind.Bounce] = [(LedgerAccountKind.Paid, LedgerAccountKind.Payable)],
        [LedgerTransactionKind.PayIn] = [(LedgerAccountKind.Receivable, LedgerAccountKind.Unreserved)],
        [LedgerTransactionKind.Net] = [(LedgerAccountKind.Receivable, LedgerAccountKind.Unreserved)],
    };

    /// <summary>Whether the kind may move money between the two accounts. A correction may undo any way, and is bound to its transaction instead.</summary>
    public static bool Allows(LedgerTransactionKind kind, LedgerAccountKind from, LedgerAccountKind to) =>
        kind == LedgerTransactionKind.Correct ? Ways.Values.Any(ways => ways.Contains((to, from))) : Ways[kind].Contains((from, to));

    /// <summary>
    /// What the accounts gain and lose, without those that stay as they were; always in one order (line, account), so that two
    /// transactions never wait for each other in a circle. Sums to zero on each line.
    /// </summary>
    /// <exception cref="ArgumentException">A move is below zero, or goes a way that the kind does not know: a bug.</exception>
    public static IReadOnlyList<LedgerChange> ChangesOf(LedgerTransactionKind kind, IReadOnlyCollection<LedgerMove> moves)
    {
        if (moves.FirstOrDefault(move => move.Amount < Fen.Zero || !Allows(kind, move.From, move.To)) is { } wrong)
            throw new ArgumentException($"{kind} cannot move {wrong.Amount} from {wrong.From} to {wrong.To}.", nameof(moves));
        return
        [
            .. moves
                .SelectMany(move => new LedgerChange[] { new(move.Line, move.From, -move.Amount), new(move.Line, move.To, move.Amount) })
                .GroupBy(change => (change.Line, change.Account))
                .Select(group => new LedgerChange(group.Key.Line, group.Key.Account, group.Aggregate(Fen.Zero, (sum, change) => sum + change.Amount)))
                .Where(change => change.Amount != Fen.Zero)
                .OrderBy(change => change.Line.Value).ThenBy(change => change.Account),
        ];
    }

    /// <summary>Whether an account may stand at the balance: the source's side at zero or below, every other at zero or above.</summary>
    public static bool MayStandAt(LedgerAccountKind account, Fen balance) =>
        account == LedgerAccountKind.Allocated ? balance <= Fen.Zero : balance >= Fen.Zero;
}
